"""Whether a submission can tell what it was started for: an exam, the rehearsal, an everyday run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, takewhile

from grader.audit.found import Finding, some
from grader.audit.tells import is_secret
from grader.audit.times import WAITS, called
from grader.candidate.practice import RATE
from grader.course.reading import read_yaml
from grader.course.spec import Scenario

SETS_UP = {"sign", "publish"}
"""Functions that set something up, also where they stand as a probe."""

_PARAMETER = re.compile(r"\$\{(\w+)\}")


def run_tells(scenario: Scenario, rehearsal: Scenario) -> Iterator[Finding]:
    """Whether a submission that is started can tell an exam from the rehearsal: by its rate, by what it is given."""
    ours, theirs = _rates(scenario), _rates(rehearsal)
    if not ours or not theirs or ours <= theirs:
        return
    yield Finding(
        "tell/run/rate",
        f"{_rate(ours)} requests a second say that it is an exam: the rehearsal sends {_rate(theirs)}, and everyday "
        f"traffic {RATE:g}.",
        trials=tuple(trial.id for trial in scenario.spec.trials),
        values=tuple(f"{rate:g}" for rate in sorted(ours)),
        figure=0.5,
    )


def everyday_tells(scenario: Scenario) -> Iterator[Finding]:
    """What is set up for an exam before its first wait, from a number that nobody knows, and for no everyday run."""
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys(trial.experiment for trial in scenario.spec.trials):
        document = read_yaml(scenario.folder / name)[0]
        steady = (document.get("steady-state-hypothesis") or {}).get("probes") or []
        first = takewhile(lambda step: called(step)[0] not in WAITS, document.get("method") or [])
        for step in chain(steady, first):
            given = _PARAMETER.findall(str(called(step)[1]))
            own = (step.get("provider") or {}).get("module") == "exam"
            if own and (step.get("type") == "action" or called(step)[0] in SETS_UP):
                for parameter in given:
                    if is_secret(scenario, parameter):
                        found.setdefault(parameter, []).append(str(step.get("name", "")))
    if found:
        shown = [f"{steps[0]} (`{parameter}`)" for parameter, steps in found.items()]
        yield Finding(
            "tell/run/everyday",
            f"What is set up for an exam, and never for everyday traffic: {some(shown)}.",
            values=tuple(found),
            figure=0.1,
        )


def _rates(scenario: Scenario) -> set[float]:
    return {phase.rate for trial in scenario.spec.trials for phase in scenario.spec.phases(trial.id) if phase.rate}


def _rate(rates: Iterable[float]) -> str:
    return " or ".join(f"{rate:g}" for rate in sorted(rates))
