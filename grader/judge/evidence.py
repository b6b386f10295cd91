"""Whether a trial proves anything: the checks that stand between events and a verdict.

`REASONS` is the registry: every code a result can carry, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.judge.record import TrialRecord
from grader.result import Reason
from grader.spec import EvidenceSpec

if TYPE_CHECKING:
    import duckdb

REASONS: dict[str, str] = {
    "objective-missed": "Look at the objective's trial in the report; the worst seconds are marked.",
    "not-started": "Read the end of the service's log, mend the error, and try `lab start` before grading.",
    "service-ended": "The service ended by itself during the trial; read the end of its log.",
    "load-late": "The load generator could not keep its schedule: close other programs and grade again.",
    "load-short": "Requests were never sent: close other programs and grade again.",
    "load-broken": "The load generator ended; this is a fault of the lab: report it with the run folder.",
    "machine-busy": "The machine itself was too slow for the bounds: close other programs and grade again.",
    "unhealthy-before": "The sealed parts were not healthy before the first fault: grade again, then `lab doctor`.",
    "fault-unseen": "A fault was set and not seen to act: grade again; if it stays, report it with the run folder.",
    "fault-late": "A fault came later than its time: close other programs and grade again.",
    "sealed-failed": "A sealed service failed: run `lab doctor`; if it stays, report it with the run folder.",
    "platform": "The runtime failed under the lab: run `lab doctor`, then grade again.",
    "miscounted": "Observers disagree on what happened: report it with the run folder.",
    "undecided": "The measurements lie too close to the bound to tell: grade again, or improve the margin.",
    "no-evidence": "No trial for an objective could be used; see the other reasons.",
}


@dataclass(frozen=True)
class _Facts:
    """Counts of one trial: requests due, sent, sent late, seen twice; metronome probes due and late."""

    planned: int
    seen: int
    sent: int
    late: int
    twice: int
    ticks: int
    slow_ticks: int


def problems(connection: duckdb.DuckDBPyConnection, trial: TrialRecord, bounds: EvidenceSpec) -> list[Reason]:
    """Why a trial's events must not be used; empty if they may.

    Args:
        connection: with `events` and `plan`, see `grader.events`.
        trial: how it was run.
        bounds: the scenario's evidence bounds.
    """
    machine = [Reason(f.code, f.message, trial.id) for f in trial.failures if f.blame == "machine"]
    if trial.ended_s <= 0:
        return machine
    facts = _facts(connection, trial, bounds)
    return machine + [Reason(code, message, trial.id) for code, message in _checks(facts, bounds)]


def _facts(connection: duckdb.DuckDBPyConnection, trial: TrialRecord, bounds: EvidenceSpec) -> _Facts:
    requests = connection.execute(
        """SELECT count(*) FILTER (error IS DISTINCT FROM 'cut'),
                  count(*) FILTER (error IS DISTINCT FROM 'cut' AND sent IS NOT NULL),
                  count(*) FILTER (error IS DISTINCT FROM 'cut' AND sent - due > $late),
                  count(id) - count(DISTINCT id)
           FROM events WHERE trial = $trial AND kind = 'request' AND due <= $ended""",
        {"trial": trial.id, "late": bounds.lateness_s, "ended": _settled(trial)},
    ).fetchone()
    ticks = connection.execute(
        """SELECT count(*), count(*) FILTER (latency > $slow) FROM events
           WHERE trial = $trial AND kind = 'metronome' AND error IS DISTINCT FROM 'cut'""",
        {"trial": trial.id, "slow": bounds.metronome_s},
    ).fetchone()
    planned = connection.execute(
        "SELECT count(*) FROM plan WHERE trial = $trial AND kind = 'request' AND due <= $ended",
        {"trial": trial.id, "ended": _settled(trial)},
    ).fetchone()
    assert requests and ticks and planned
    return _Facts(planned[0], *requests, *ticks)


def _settled(trial: TrialRecord) -> float:
    """Trial time up to which every request has surely been recorded (a stopped trial has some in flight)."""
    return trial.ended_s - 1.5 if trial.stopped_early else trial.planned_s


def _checks(facts: _Facts, bounds: EvidenceSpec) -> Iterator[tuple[str, str]]:
    if facts.twice:
        yield "miscounted", f"{facts.twice} requests were recorded twice"
    if facts.sent < bounds.sent_share * facts.planned:
        yield "load-short", f"{facts.sent} of {facts.planned} scheduled requests were sent"
    if facts.late > bounds.late_share * max(facts.seen, 1):
        share = 100 * facts.late / facts.seen
        yield "load-late", f"{share:.0f} % of requests left more than {1000 * bounds.lateness_s:.0f} ms late"
    if facts.slow_ticks > bounds.late_share * max(facts.ticks, 1):
        share = 100 * facts.slow_ticks / facts.ticks
        yield "machine-busy", f"{share:.0f} % of the metronome's echoes took over {1000 * bounds.metronome_s:.0f} ms"
