"""Whether a submission can tell what it was started for: an exam, the rehearsal, an everyday run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grader.audit.found import Finding
from grader.candidate.practice import RATE
from grader.course.spec import Scenario


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


def _rates(scenario: Scenario) -> set[float]:
    return {phase.rate for trial in scenario.spec.trials for phase in scenario.spec.phases(trial.id) if phase.rate}


def _rate(rates: Iterable[float]) -> str:
    return " or ".join(f"{rate:g}" for rate in sorted(rates))
