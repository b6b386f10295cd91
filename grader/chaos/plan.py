"""The order for one experiment's process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grader.course.drill import DrillRules
from grader.course.strict import Strict
from grader.load.plan import PlannedPhase


class Target(Strict):
    """The deployment that the experiment acts on: its runtime and name, `<service>:<port>` to `host:port`, and the
    token of its sealed services."""

    runtime: str
    name: str
    addresses: dict[str, str] = {}
    token: str = ""


class DrillOrder(Strict):
    """One run of a candidate's experiment, in place of the scenario's own: what it may be, and the trial time of its
    start."""

    rules: DrillRules
    start_s: float


class ChaosPlan(Strict):
    """One experiment.

    Attributes:
        parameters: the trial's, drawn and literal; they become the experiment's `configuration`.
        module_path: folder from which `module: exam` is imported.
        start_at: trial time 0, seconds since the epoch; None or 0: read from stdin, see `ChaosGo`.
        steps: file that gets an event for each step, as it ends; journal: Chaos Toolkit's journal, at the end.
        trial, phases: for the events' columns; may be left out.
        drill: the experiment is a candidate's; `experiment` is then the folder of the submission.
    """

    experiment: Path
    parameters: dict[str, Any] = {}
    deployment: Target
    module_path: Path
    start_at: float | None = None
    steps: Path
    journal: Path
    trial: str = ""
    phases: tuple[PlannedPhase, ...] = ()
    drill: DrillOrder | None = None


class ChaosGo(Strict):
    """The line on stdin that starts a waiting experiment; a deployment in it replaces the plan's."""

    start_at: float
    deployment: Target | None = None
