"""Whether a trial proves anything: the checks that stand between events and a verdict.

`REASONS` is the registry: every code a result can carry, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.course.observers import EvidenceSpec, PromptSpec
from grader.events import literals
from grader.judge.record import TrialRecord
from grader.result import Reason

if TYPE_CHECKING:
    import duckdb

REASONS: dict[str, str] = {
    "objective-missed": "Look at the objective's trial in the report; the worst seconds are marked.",
    "close": "What was measured decides, but it lies near the promise: aim for half of what may be bad.",
    "not-started": "Read the end of the service's log, mend the error, and try `lab start` before grading.",
    "service-ended": "The service ended by itself during the trial; read the end of its log.",
    "load-late": "The load generator could not keep its schedule: close other programs and grade again.",
    "load-short": "Requests were never sent: close other programs and grade again.",
    "load-broken": "The load generator ended; this is a fault of the lab: report it with the run folder.",
    "machine-busy": "The machine itself was too slow for the bounds: close other programs and grade again.",
    "machine-slow": "The machine's cores are too slow for this lab: close other programs, or use a faster machine.",
    "unhealthy-before": "The sealed parts were not healthy before the first fault: grade again, then `lab doctor`.",
    "fault-unseen": "A fault was set and not seen to act: grade again; if it stays, report it with the run folder.",
    "sealed-failed": "A sealed service failed: run `lab doctor`; if it stays, report it with the run folder.",
    "sealed-ended": "A sealed service ended under load: read the end of its log, and what the open services sent it.",
    "suspect": "Sound code does not do this to sealed services or the machine: let a person read logs and code first.",
    "platform": "The runtime failed under the lab: run `lab doctor`, then grade again.",
    "miscounted": "The generator and a sealed service disagree on what happened: grade again; if it stays, report it.",
    "undecided": "The measurements lie too close to the bound to tell: grade again, or improve the margin.",
    "no-evidence": "No trial for an objective could be used; see the other reasons.",
}

MACHINE = frozenset({"machine-busy", "machine-slow"})
"""The machine itself: what else goes wrong beside these mostly follows from them, so they are told first."""

CAUSES: dict[str, str] = {
    "machine-busy": "the machine was too busy",
    "machine-slow": "the machine's cores were too slow",
    "load-broken": "the load generator ended",
    "load-late": "the load came late",
    "load-short": "not all of the load was sent",
    "unhealthy-before": "the sealed parts were not healthy before the first fault",
    "fault-unseen": "a fault did not act",
    "sealed-failed": "a sealed service did not start",
    "sealed-ended": "a sealed service ended",
    "platform": "the runtime failed",
    "miscounted": "two counts of the same answers disagree",
}
"""What came in the way of a trial, in words, the causes before what mostly follows from them."""


def cause(codes: Collection[str]) -> str:
    """The first cause among the codes of some reasons, in words."""
    return next((words for code, words in CAUSES.items() if code in codes), "it proved nothing")


@dataclass(frozen=True)
class Facts:
    """Counts of one trial: all events; requests planned, seen, sent, sent late; metronome echoes, slow ones;
    the median stretch of the metronome's work, see `grader.metronome`, and the highest median of any `burst_s`; the
    median pace of that work; of each sealed part that has to answer at once, how often it was asked and how often it
    did not."""

    events: int = 0
    planned: int = 0
    seen: int = 0
    sent: int = 0
    late: int = 0
    ticks: int = 0
    slow_ticks: int = 0
    stretch: float = 0.0
    burst: float = 0.0
    pace: float = 1.0
    prompt: tuple[tuple[int, int], ...] = ()

    @property
    def slowdown(self) -> float:
        """How many times longer work took than alone on the machine that the labs were measured on."""
        return self.stretch * self.pace

    @property
    def busiest(self) -> float:
        """The same of its busiest seconds."""
        return self.burst * self.pace


def problems(trial: TrialRecord, facts: Facts, bounds: EvidenceSpec) -> list[Reason]:
    """Why a trial's events must not be used; empty if they may.

    Args:
        trial: how it was run.
        facts: what was counted, see `gather`.
        bounds: the scenario's evidence bounds.
    """
    machine = [Reason(f.code, f.message, trial.id) for f in trial.failures if f.blame == "machine"]
    if trial.ended_s <= 0:
        return machine
    found = [*_checks(facts, bounds), *([] if trial.stopped_early else _unheard(facts, bounds))]
    return machine + [Reason(code, message, trial.id) for code, message in found]


def gather(
    connection: duckdb.DuckDBPyConnection, trials: Sequence[TrialRecord], bounds: EvidenceSpec
) -> dict[str, Facts]:
    """Facts of each trial, in one pass over `events` and one over `plan` (see `grader.events`).

    Requests count up to the trial time by which every one of them has surely been recorded. One that was on its way
    when the trial ended is cut, and was sent all the same, however long it had waited: a system that lets users wait
    is no load that stopped.
    """
    if not trials:
        return {}
    marks = f"(VALUES {', '.join(map(_marks, trials))}) AS marks(trial, settled)"
    whole = "error IS DISTINCT FROM 'cut'"
    seen = connection.execute(
        f"""SELECT trial, count(*), count(*) FILTER (asked), count(*) FILTER (asked AND sent IS NOT NULL),
                   count(*) FILTER (asked AND sent - due > {bounds.lateness_s!r}),
                   count(*) FILTER (tick), count(*) FILTER (tick AND latency > {bounds.metronome_s!r}),
                   coalesce(median(value) FILTER (tick), 0), coalesce(median(value) FILTER (kind = 'pace'), 1)
            FROM (SELECT *, kind = 'request' AND due <= settled AND ({whole} OR sent IS NOT NULL) AS asked,
                         kind = 'metronome' AND {whole} AS tick
                  FROM events JOIN {marks} USING (trial))
            GROUP BY trial"""
    ).fetchall()
    asked = "count(*) FILTER (kind = 'request' AND due <= settled)"
    planned = connection.execute(
        f"SELECT trial, {asked} FROM plan JOIN {marks} USING (trial) GROUP BY trial"
    ).fetchall()
    found, due = {row[0]: row[1:] for row in seen}, dict(planned)
    bursts = _bursts(connection, bounds.burst_s)
    answered = [_answered(connection, prompt) for prompt in bounds.prompt]
    return {
        trial.id: _facts(
            found.get(trial.id, (0,) * 7 + (1.0,)),
            due.get(trial.id, 0),
            bursts.get(trial.id, 0.0),
            tuple(one.get(trial.id, (0, 0)) for one in answered),
        )
        for trial in trials
    }


def _bursts(connection: duckdb.DuckDBPyConnection, seconds: float) -> dict[str, float]:
    """The highest median stretch of any so many seconds of each trial."""
    rows = connection.execute(
        f"""SELECT trial, max(burst) FROM (
                SELECT trial, due, median(value) OVER (
                    PARTITION BY trial ORDER BY due RANGE BETWEEN {seconds!r} PRECEDING AND CURRENT ROW
                ) AS burst
                FROM events WHERE kind = 'metronome' AND error IS DISTINCT FROM 'cut' AND value IS NOT NULL
            ) WHERE due >= {seconds!r} GROUP BY trial"""
    ).fetchall()
    return dict(rows)


def _answered(connection: duckdb.DuckDBPyConnection, prompt: PromptSpec) -> dict[str, tuple[int, int]]:
    """How often a sealed part was asked in each trial when it had to be prompt, and how often it took too long."""
    then = f"AND phase IN {literals(prompt.phases)}" if prompt.phases else ""
    rows = connection.execute(
        f"""SELECT trial, count(*), count(*) FILTER (latency > {prompt.within_s!r}) FROM events
            WHERE kind = 'probe' AND name IN {literals([prompt.probe])} AND error IS DISTINCT FROM 'cut' {then}
            GROUP BY trial"""
    ).fetchall()
    return {trial: (asked, late) for trial, asked, late in rows}


def _marks(trial: TrialRecord) -> str:
    """As a row of SQL: its id, and up to when its requests count."""
    return f"({literals([trial.id])[1:-1]}, {_settled(trial)!r})"


def _facts(counts: Sequence[Any], planned: int, burst: float, prompt: tuple[tuple[int, int], ...]) -> Facts:
    events, seen, sent, late, ticks, slow_ticks, stretch, pace = counts
    return Facts(events, planned, seen, sent, late, ticks, slow_ticks, stretch, burst, pace, prompt)


def _settled(trial: TrialRecord) -> float:
    """Trial time up to which every request has surely been recorded (a stopped trial has some in flight)."""
    return trial.ended_s - 1.5 if trial.stopped_early else trial.planned_s


def _checks(facts: Facts, bounds: EvidenceSpec) -> Iterator[tuple[str, str]]:
    if facts.seen > facts.planned:
        yield "miscounted", f"{facts.seen} requests were recorded and {facts.planned} scheduled"
    if facts.sent < bounds.sent_share * facts.planned:
        yield "load-short", f"{facts.sent} of {facts.planned} scheduled requests were sent"
    if facts.late > bounds.late_share * max(facts.seen, 1):
        share = 100 * facts.late / facts.seen
        yield "load-late", f"{share:.0f} % of requests left more than {1000 * bounds.lateness_s:.0f} ms late"
    if facts.slow_ticks > bounds.late_share * max(facts.ticks, 1):
        share = 100 * facts.slow_ticks / facts.ticks
        yield "machine-busy", f"{share:.0f} % of the metronome's echoes took over {1000 * bounds.metronome_s:.0f} ms"
    if facts.stretch > bounds.stretch:
        yield "machine-busy", _slowed(facts.slowdown, bounds.stretch * facts.pace, "here")
    elif facts.burst > bounds.burst:
        some = f"for {bounds.burst_s:g} s "
        yield "machine-busy", some + _slowed(facts.busiest, bounds.burst * facts.pace, "here")
    elif facts.slowdown > bounds.slowdown:
        yield "machine-slow", _slowed(facts.slowdown, bounds.slowdown, "on any")
    for (asked, late), prompt in zip(facts.prompt, bounds.prompt, strict=True):
        if late > prompt.share * max(asked, 1):
            found = f"{100 * late / asked:.0f} % of its answers took over {1000 * prompt.within_s:.0f} ms"
            when = f" in {' and '.join(prompt.phases)}" if prompt.phases else ""
            yield "machine-busy", f"the sealed part behind the probe {prompt.probe} was slow{when}: {found}"


def _unheard(facts: Facts, bounds: EvidenceSpec) -> Iterator[tuple[str, str]]:
    """Of a whole trial: who has to answer at once, always, and did not once is not prompt for want of late answers."""
    for (asked, _), prompt in zip(facts.prompt, bounds.prompt, strict=True):
        if not asked and not prompt.phases:
            yield "machine-busy", f"the sealed part behind the probe {prompt.probe} did not answer once"


def _slowed(found: float, most: float, where: str) -> str:
    """One measure in every reason, and the one that a result has: so a bound on waiting is told as what it comes to on
    cores of this pace."""
    measure = f"work took {found:.1f} times as long as alone on the machine that the labs were measured on"
    return f"{measure}; {where} it may take {most:.1f}"
