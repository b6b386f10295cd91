"""The last look: when each objective looks for the last time, what nobody looks at, and what may change unseen."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from grader.authoring.audit.draws import Drawn
from grader.authoring.audit.findings import Finding, some
from grader.authoring.audit.shares import is_end_state
from grader.course.spec import Phase, Scenario

ACCEPTED = "audit.yaml"
_WHAT = re.compile(r"\b(answer|served_by|value)\b")


def last_looks(scenario: Scenario, brief: str, drawn: Sequence[Drawn]) -> Iterator[Finding]:
    """What may change after the last look, and whether somebody could know when that is."""
    if not drawn or not drawn[0].of_ours:
        yield from _ends(scenario, brief)
    yield from _unwatched(scenario)


def looks(scenario: Scenario, drawn: Sequence[Drawn]) -> dict[str, float]:
    """The last second of a trial at which each objective looks; of questions to our own parts none is known."""
    if any(one.of_ours for one in drawn):
        return {}
    return {
        name: max(_span(scenario.spec.phases(trial), window.phases)[1] for trial in window.trials)
        for name, window in scenario.spec.objectives.items()
    }


def _ends(scenario: Scenario, brief: str) -> Iterator[Finding]:
    """End states that are looked at until a moment which is the same in every exam."""
    groups: dict[tuple[float, float], list[str]] = defaultdict(list)
    for name, window in scenario.spec.objectives.items():
        if window.phases and is_end_state(scenario, brief, name):
            spans = [_span(scenario.spec.phases(trial), window.phases) for trial in window.trials]
            groups[min(first for first, _ in spans), max(last for _, last in spans)].append(name)
    for (first, last), names in groups.items():
        yield Finding(
            f"last-look/end/{last:g}",
            f"{some([f'`{name}`' for name in names])}: an end state that is looked at from {first:g} to {last:g} s in "
            "every exam. What changes after that nobody sees, and the moment is known.",
            names[0],
            tuple(dict.fromkeys(trial for name in names for trial in scenario.spec.objectives[name].trials)),
            tuple(names),
            0.5,
        )


def _span(timeline: Sequence[Phase], phases: Sequence[str]) -> tuple[float, float]:
    """The first and the last second of a timeline in which an objective looks."""
    start, first, last = 0.0, None, 0.0
    for phase in timeline:
        if not phases or phase.phase in phases:
            first = start if first is None else first
            last = start + phase.seconds
        start += phase.seconds
    return first or 0.0, last


def _unwatched(scenario: Scenario) -> Iterator[Finding]:
    """Phases of trials in which nothing is judged, and those in which nobody looks at what is answered."""
    blind: dict[str, list[str]] = defaultdict(list)
    shallow: dict[str, list[str]] = defaultdict(list)
    for trial in scenario.spec.trials:
        for phase in dict.fromkeys(phase.phase for phase in scenario.spec.phases(trial.id) if phase.rate):
            lookers = _lookers(scenario, trial.id, phase)
            if not lookers:
                blind[phase].append(trial.id)
            elif not any(_WHAT.search(scenario.slos[name].good) for name in lookers):
                shallow[phase].append(trial.id)
    for phase, trials in blind.items():
        yield Finding(
            f"last-look/phase/{phase}",
            f"No objective looks at phase {phase} of {some(trials)}.",
            trials=tuple(trials),
            figure=0.3,
        )
    if shallow:
        shown = [f"{phase} of {', '.join(trials)}" for phase, trials in shallow.items()]
        yield Finding(
            "last-look/answers",
            f"What is answered in phase {'; '.join(shown)} nobody looks at, only whether and when something is.",
            trials=tuple(dict.fromkeys(trial for trials in shallow.values() for trial in trials)),
            values=tuple(shallow),
            figure=0.2,
        )


def _lookers(scenario: Scenario, trial: str, phase: str) -> list[str]:
    """Objectives that count requests of a phase of a trial."""
    return [
        name
        for name, window in scenario.spec.objectives.items()
        if window.kind == "request" and trial in window.trials and (not window.phases or phase in window.phases)
    ]
