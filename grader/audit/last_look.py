"""The last look: when each objective looks for the last time, what nobody looks at, and what may change unseen."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.audit.draws import Drawn
from grader.audit.found import Finding, some
from grader.audit.shares import is_end_state
from grader.course.spec import Phase, Scenario
from infra.system import load_system

ACCEPTED = "audit.yaml"
_DESCRIBES = {".yaml", ".py"}
_WHAT = re.compile(r"\b(answer|served_by|value)\b")


def last_looks(scenario: Scenario, brief: str, drawn: Sequence[Drawn]) -> Iterator[Finding]:
    """What may change after the last look, and whether somebody could know when that is."""
    if not drawn or not drawn[0].of_ours:
        yield from _ends(scenario, brief)
    yield from _unwatched(scenario)
    yield from _untouched(scenario)
    yield from _days(drawn)


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


def _untouched(scenario: Scenario) -> Iterator[Finding]:
    """Sealed services that no load, probe or step of an experiment names: what happens to them nobody knows."""
    compose = scenario.lab.folder / "compose.yaml"
    if not compose.is_file():
        return
    folders = (scenario.folder, scenario.lab.folder / "rehearsal")
    files = [path for folder in folders for path in folder.glob("*") if path.suffix in _DESCRIBES]
    texts = [path.read_text("utf-8") for path in files if path.name != ACCEPTED]
    services = load_system(compose, scenario.lab.spec.open).services.values()
    fronts = {name for service in services if not service.open for name in service.depends_on}
    unseen = [
        service.name
        for service in services
        if not service.open and service.name not in fronts and not any(_names(service.name, text) for text in texts)
    ]
    if unseen:
        yield Finding(
            "last-look/services",
            f"No load, probe or step of an experiment names {some(unseen)}: what is done to it, or not, nobody sees.",
            values=tuple(unseen),
            figure=0.2,
        )


def _names(service: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(service)}(?![\w-])", text) is not None


def _days(drawn: Sequence[Drawn]) -> Iterator[Finding]:
    """Aspects of cases that are judged on the same day in every exam."""
    days: dict[str, set[Any]] = defaultdict(set)
    for one in drawn:
        for case in one.cases:
            judged = case.get("judged")
            for aspect, moments in judged.items() if isinstance(judged, Mapping) else ():
                days[aspect].add(tuple(moments) if isinstance(moments, list) else moments)
    for aspect, known in days.items():
        if len(known) == 1:
            (moment,) = known
            shown = ", ".join(map(str, moment)) if isinstance(moment, tuple) else str(moment)
            yield Finding(
                f"last-look/{aspect}/day",
                f"`{aspect}` is looked at on day {shown} in every exam and of every case.",
                aspect,
                figure=0.5,
            )
