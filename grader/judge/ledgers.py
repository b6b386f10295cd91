"""Whether what sealed services counted agrees with what the generator saw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.course.observers import LedgerSpec
from grader.events import literals
from grader.judge.record import TrialRecord
from grader.result import Reason

if TYPE_CHECKING:
    import duckdb


def disagreements(
    connection: duckdb.DuckDBPyConnection, trials: Sequence[TrialRecord], ledgers: Sequence[LedgerSpec]
) -> dict[str, list[Reason]]:
    """Why the observers of a trial disagree, by the trial's id; no key where they agree.

    A ledger is read when a trial is over: one that still runs is not compared.
    """
    found: dict[str, list[Reason]] = {}
    for ledger in ledgers:
        for trial, seen, counted in _counts(connection, trials, ledger):
            if problem := _problem(ledger, seen, counted):
                found.setdefault(trial, []).append(Reason("miscounted", problem, trial))
    return found


def _counts(
    connection: duckdb.DuckDBPyConnection, trials: Sequence[TrialRecord], ledger: LedgerSpec
) -> list[tuple[str, int, float | None]]:
    """Of each trial that is over: id, answers that the generator saw, and the ledger's number, if it was read."""
    over = [t.id for t in trials if t.duration_s and t.ended_s > 0 and (not ledger.trials or t.kind in ledger.trials)]
    rows = connection.execute(
        f"""SELECT trial,
                   count(*) FILTER (kind = 'request' AND error IS DISTINCT FROM 'cut'
                                    AND coalesce(({ledger.events}), false)),
                   max(value) FILTER (kind = 'ledger' AND name = '{ledger.name}')
            FROM events WHERE trial IN {literals(over)} GROUP BY trial ORDER BY trial"""
    ).fetchall()
    return [(trial, seen, counted) for trial, seen, counted in rows]


def _problem(ledger: LedgerSpec, seen: int, counted: float | None) -> str:
    if counted is None:
        return f"the ledger {ledger.name} could not be read"
    if counted < seen:
        return f"the ledger {ledger.name} holds {counted:.0f} answers, and {seen} were received"
    return ""
