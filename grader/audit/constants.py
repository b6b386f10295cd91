"""Constants: what is the same in every exam that is drawn, and could be known by heart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from grader.audit.draws import Drawn
from grader.audit.found import Finding, some
from grader.audit.times import fixed_times
from grader.audit.words import words
from grader.course.spec import Draw, Scenario


def constants(scenario: Scenario, drawn: Sequence[Drawn], public: Sequence[Drawn]) -> Iterator[Finding]:
    """Words, parameters and times that do not change from exam to exam.

    Args:
        scenario: the exam.
        drawn: trials of some exams.
        public: those of the rehearsal, which everybody may read.
    """
    yield from fixed_times(scenario)
    yield from words(scenario, drawn, public)
    yield from _parameters(scenario, public)


def _parameters(scenario: Scenario, public: Sequence[Drawn]) -> Iterator[Finding]:
    """Numbers that no trial draws: how strong, how many, from when on."""
    given: dict[str, list[Any]] = defaultdict(list)
    for trial in scenario.spec.trials:
        for name, value in trial.parameters.items():
            given[name].append(value)
    fixed = {name: values for name, values in given.items() if all(_is_number(value) for value in values)}
    shown = [f"{name} {', '.join(_distinct(values))}" for name, values in fixed.items()]
    rehearsed = {name for name in fixed if _rehearsed(name, fixed[name], public)}
    if fixed:
        yield Finding(
            "constant/parameters",
            f"Numbers that are the same in every exam: {some(shown)}"
            + (f"; the rehearsal has {', '.join(sorted(rehearsed))} too." if rehearsed else "."),
            trials=tuple(trial.id for trial in scenario.spec.trials if set(trial.parameters) & set(fixed)),
            values=tuple(fixed),
            figure=len(fixed) / 100,
        )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, (bool, Draw))


def _distinct(values: Iterable[Any]) -> list[str]:
    return sorted({f"{value:g}" for value in values})


def _rehearsed(name: str, values: Sequence[Any], public: Sequence[Drawn]) -> bool:
    return any(one.parameters.get(name) in values for one in public)
