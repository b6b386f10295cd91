"""What is shown while an exam runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader import events
from grader.course.spec import Phase
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
    counts = _counts(files)
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


def _counts(files: Sequence[Path]) -> dict[str, tuple[int, int]]:
    """Requests answered and those without a good answer (no 2xx), by trial."""
    connection = events.live(files, [])
    try:
        rows = connection.execute(
            "SELECT trial, count(*), count(*) FILTER (status NOT BETWEEN 200 AND 299 OR answer = 'wrong') "
            "FROM events WHERE kind = 'request' AND error IS DISTINCT FROM 'cut' GROUP BY trial"
        ).fetchall()
    finally:
        connection.close()
    return {trial: (done, bad) for trial, done, bad in rows}
