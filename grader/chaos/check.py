"""Whether an experiment can be run, before anything is started."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.chaos.experiment import Step, load
from grader.course.modules import importable
from grader.course.reading import read_yaml


def check_experiment(path: Path, parameters: Mapping[str, Any], modules: Path | None = None) -> None:
    """Validate a whole experiment.yaml with Chaos Toolkit, functions and their arguments included, and our rule: what
    harms (kill, pause, scale, control) is followed in the method by a probe with a tolerance. Its own functions are in
    `modules`, by default the folder that it is in.

    Raises:
        BadInput: names the file and what is wrong.
    """
    with importable(modules or path.parent):
        load(path, parameters)


def has_faults(path: Path) -> bool:
    """Whether the method of a valid experiment acts at all, more than to wait: only then is there a fault to lift."""
    return any(step.get("type") == "action" and not _waits(step) for step in _parts(path)[0])


def waits_for_the_end(path: Path) -> bool:
    """Whether the only wait of a valid experiment is its last action, or its method is empty, and nothing is to be
    lifted afterwards: then a trial whose requests are all answered may end, for all that acts has acted."""
    method, rollbacks = _parts(path)
    if not method:
        return not rollbacks
    actions = [step for step in method if step.get("type") == "action"]
    waits = [step for step in method if _waits(step) or "pauses" in step or step.get("background")]
    return not rollbacks and len(waits) == 1 and _waits(waits[0]) and waits[0] is actions[-1]


def _parts(path: Path) -> tuple[list[Step], list[Step]]:
    """Method and rollbacks."""
    experiment = read_yaml(path)[0]
    return experiment.get("method") or [], experiment.get("rollbacks") or []


def _waits(step: Step) -> bool:
    return bool(step.get("provider", {}).get("func") == "at")
