"""What is shown while an exam runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader import events
from grader.course.spec import Phase, Scenario
from grader.exam.trial import TrialRun
from grader.result import Progress, Result, TrialProgress


def progress(
    stage: str,
    elapsed_s: float,
    goal_s: float,
    runs: Sequence[TrialRun],
    trial_time: float,
    result: Result,
    files: Sequence[Path],
) -> Progress:
    """A snapshot of the exam at a trial time (seconds)."""
    counts = _counts(files, _missed(runs[0].stage.scenario)) if runs else {}
    trials = []
    for run, judged in zip(runs, result.trials, strict=True):
        phase = _phase(run.stage.scenario.spec.phases(run.record.kind), trial_time)
        done, bad = counts.get(run.record.id, (0, 0))
        state = "over" if run.record.duration_s else judged.verdict.value if run.broken else "running"
        trials.append(TrialProgress(run.record.title, state, phase.phase, phase.rate, done, bad))
    return Progress(stage, elapsed_s, goal_s, tuple(trials), result.objectives)


def _phase(phases: Sequence[Phase], trial_time: float) -> Phase:
    end = 0.0
    for phase in phases:
        end += phase.seconds
        if trial_time < end:
            return phase
    return phases[-1]


def _missed(scenario: Scenario) -> str:
    """SQL that says whether a request is in the total of some objective that judges its trial and phase, and not good
    in it."""
    missed = ["false"]
    for name, window in scenario.spec.objectives.items():
        if window.kind == "request":
            slo = scenario.slos[name]
            phase = f" AND phase IN ({_texts(window.phases)})" if window.phases else ""
            missed.append(
                f"(regexp_replace(trial, '[.][0-9]+$', '') IN ({_texts(window.trials)}){phase}"
                f" AND coalesce(({slo.total}), false) AND NOT coalesce(({slo.good}), false))"
            )
    return " OR ".join(missed)


def _texts(values: Sequence[str]) -> str:
    """Texts as SQL has them."""
    return ", ".join("'" + each.replace("'", "''") + "'" for each in values)


def _counts(files: Sequence[Path], missed: str) -> dict[str, tuple[int, int]]:
    """Requests answered, and those that were not fine, by trial."""
    connection = events.live(files, [])
    try:
        rows = connection.execute(
            f"SELECT trial, count(*), count(*) FILTER ({missed}) "
            "FROM events WHERE kind = 'request' AND error IS DISTINCT FROM 'cut' GROUP BY trial"
        ).fetchall()
    finally:
        connection.close()
    return {trial: (done, bad) for trial, done, bad in rows}
