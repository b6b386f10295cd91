"""Trials drawn from a seed, and the plan of what will be asked of each."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from grader import events
from grader.course.drill import DRILL
from grader.course.spec import Phase, Scenario, drawn
from grader.judge.record import TrialRecord
from grader.load.plan import PlannedPhase
from grader.load.schedule import looks, phase_at, schedule
from grader.load.traffic import ScenarioBroken, make_traffic

MAX_SEED = 2**31


def draw_trial(scenario: Scenario, kind: str, sample: int, attempt: int, seed: int, control: str = "") -> TrialRecord:
    """The trial `<kind>.<sample>` of an exam with this seed; the same seed gives the same trial, and a further attempt
    the draw of the first: whoever could spoil a trial would else choose by which draws to be judged."""
    rng = random.Random(f"{seed}:{kind}:{sample - (attempt - 1)}")
    spec = scenario.spec.trial(kind)
    order = [trial.id for trial in scenario.spec.trials].index(kind) + 1
    return TrialRecord(
        id=f"{kind}.{sample}",
        kind=kind,
        title=(spec.title or f"trial {order}") + _told(sample, control),
        attempt=attempt,
        seed=rng.randrange(MAX_SEED),
        parameters=drawn(spec.parameters, rng),
        planned_s=sum(phase.seconds for phase in scenario.spec.phases(kind)),
        control=control,
    )


def _told(sample: int, control: str) -> str:
    """What tells a further sample from the first."""
    if control:
        return " (without the submission)"
    return f" (again, {sample + 1})" if sample else ""


def phase_plans(phases: Sequence[Phase]) -> list[PlannedPhase]:
    """A timeline with the second at which each phase starts."""
    starts = itertools.accumulate((phase.seconds for phase in phases), initial=0.0)
    return [
        PlannedPhase(phase=p.phase, start=start, seconds=p.seconds, rate=p.rate)
        for p, start in zip(phases, starts, strict=False)
    ]


def write_plan(scenario: Scenario, trial: TrialRecord, path: Path) -> None:
    """Every event that is scheduled for a trial, as JSON lines; outcomes are null.

    Raises:
        ScenarioBroken: the scenario's load.py fails.
    """
    with path.open("w", encoding="utf-8") as file:
        for row in itertools.chain(_requests(scenario, trial), _probes(scenario, trial), _drills(scenario, trial)):
            file.write(json.dumps(row) + "\n")


def _requests(scenario: Scenario, trial: TrialRecord) -> Iterator[dict[str, Any]]:
    phases = phase_plans(scenario.spec.phases(trial.kind))
    traffic = make_traffic(scenario.load_file, trial.parameters, trial.seed, phases)
    for arrival in schedule(phases, trial.seed):
        try:
            request = traffic.request(arrival.n)
        except Exception as error:  # the scenario's own code
            raise ScenarioBroken(f"{scenario.load_file}: request({arrival.n}) failed: {error!r}") from error
        yield _row(trial, "request", request.name, arrival.phase, arrival.due, request.segment)


def _probes(scenario: Scenario, trial: TrialRecord) -> Iterator[dict[str, Any]]:
    phases = phase_plans(scenario.spec.phases(trial.kind))
    for probe in scenario.spec.probes:
        for due in looks(probe.every_s, trial.planned_s, phases, probe.phases):
            yield _row(trial, "probe", probe.name, phase_at(phases, due), due, "")


def _drills(scenario: Scenario, trial: TrialRecord) -> Iterator[dict[str, Any]]:
    phases = phase_plans(scenario.spec.phases(trial.kind))
    drill = scenario.spec.trial(trial.kind).drill
    for due in drill.starts() if drill else ():
        yield _row(trial, "probe", DRILL, phase_at(phases, due), due, "")


def _row(trial: TrialRecord, kind: str, name: str, phase: str, due: float, segment: str) -> dict[str, Any]:
    known = {"trial": trial.id, "kind": kind, "name": name, "phase": phase, "due": due, "segment": segment}
    return {column: known.get(column) for column in events.COLUMNS}
