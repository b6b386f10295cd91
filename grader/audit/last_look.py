"""The last look: when each objective looks for the last time, what nobody looks at, and what may change unseen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.audit.draws import Drawn
from grader.audit.found import Finding, percent, some
from grader.audit.shares import is_end_state
from grader.course.spec import Phase, Scenario

ENOUGH = 0.98
"""Of a trial's time: an objective that looks until then looks to the end."""


def last_looks(scenario: Scenario, brief: str, drawn: Sequence[Drawn]) -> Iterator[Finding]:
    """What may change after the last look, and whether somebody could know when that is."""
    yield from _ends(scenario, brief)
    yield from _unwatched(scenario)
    yield from _days(drawn)


def _ends(scenario: Scenario, brief: str) -> Iterator[Finding]:
    """End states that are looked at until a moment which is the same in every exam, and objectives that stop looking
    while the trial goes on."""
    for name, window in scenario.spec.objectives.items():
        spans = {trial: _span(scenario, trial, window.phases) for trial in window.trials}
        ends = {trial: (span[1], _busy_end(scenario.spec.phases(trial))) for trial, span in spans.items()}
        if is_end_state(scenario, brief, name):
            first, last = min(span[0] for span in spans.values()), max(end for end, _ in ends.values())
            yield Finding(
                f"last-look/{name}/end",
                f"`{name}` is an end state, and it is looked at from {first:g} s to {last:g} s in every exam. What "
                "changes after that nobody sees, and the moment is known. Draw how long the end is watched.",
                name,
                window.trials,
                figure=0.5,
            )
        early = {trial: (end, over) for trial, (end, over) in ends.items() if end < ENOUGH * over}
        if early:
            trial, (end, over) = min(early.items(), key=lambda one: one[1][0] / one[1][1])
            yield Finding(
                f"last-look/{name}/early",
                f"`{name}` looks for the last time at {end:g} s of {over:g} s (trial {trial}), at the same moment in "
                f"every exam. In the {percent(1 - end / over)} of the trial that follow it may be missed.",
                name,
                tuple(early),
                figure=(1 - end / over) / 2,
            )


def _span(scenario: Scenario, trial: str, phases: Sequence[str]) -> tuple[float, float]:
    """The first and the last second of a trial in which an objective looks."""
    start, first, last = 0.0, None, 0.0
    for phase in scenario.spec.phases(trial):
        if not phases or phase.phase in phases:
            first = start if first is None else first
            last = start + phase.seconds
        start += phase.seconds
    return first or 0.0, min(last, max(_busy_end(scenario.spec.phases(trial)), 0.0)) or last


def _busy_end(phases: Sequence[Phase]) -> float:
    """When the last phase ends in which anything is asked; of a trial without requests, its end."""
    start, end = 0.0, 0.0
    for phase in phases:
        start += phase.seconds
        end = start if phase.rate else end
    return end or start


def _unwatched(scenario: Scenario) -> Iterator[Finding]:
    """Requests that no objective counts."""
    watched: dict[str, set[str] | None] = {}
    for window in scenario.spec.objectives.values():
        if window.kind == "request":
            for trial in window.trials:
                known = watched.setdefault(trial, set())
                watched[trial] = None if known is None or not window.phases else known | set(window.phases)
    blind: dict[str, list[str]] = defaultdict(list)
    for trial in scenario.spec.trials:
        seen = watched.get(trial.id, set())
        for phase in scenario.spec.phases(trial.id):
            if phase.rate and seen is not None and phase.phase not in seen and trial.id not in blind[phase.phase]:
                blind[phase.phase].append(trial.id)
    for phase, trials in blind.items():
        if trials:
            yield Finding(
                f"last-look/phase/{phase}",
                f"Nobody looks at answers in phase {phase} of {some(trials)}: they count for nothing.",
                trials=tuple(trials),
                figure=0.2,
            )


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
                f"`{aspect}` is looked at on day {shown} in every exam and of every case. Draw the day.",
                aspect,
                figure=0.5,
            )
