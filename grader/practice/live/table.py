"""Events of the last minutes in memory, and what the page shows of them: objectives, rates, latencies, who answered.

The objectives' own SQL is asked of SQLite, which every Python has and which takes a twentieth of DuckDB's memory. What
it does not understand is not judged here; the exam does.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.course.slo import Slo
from grader.course.spec import Window
from grader.events import COLUMNS
from grader.safe import visible

KEPT_S = 900.0
MOST_NAMES = 10
"""Names of who answered, or of tenants, that are told apart; more are `others`, for answers may bear any name."""

OTHERS, NOBODY = "others", "no answer"
_ASKED = "asked"
"""The source of a request that nobody made."""

FAILED = "(coalesce(status, 0) NOT BETWEEN 200 AND 299 OR answer = 'wrong')"
"""What is not fine where no objective is about an event of everyday traffic."""


@dataclass(frozen=True)
class Promise:
    """An objective, and what of it can be judged here.

    Attributes:
        trials, phases: of the scenario whose window it has; no phases: all.
        bound: it is promised in some trials or phases only, so everyday traffic says nothing of it.
        sql: conditions `total` and `good` that SQLite takes; None if it takes them not.
    """

    slo: Slo
    trials: tuple[str, ...]
    phases: tuple[str, ...]
    kind: str
    bound: bool
    sql: tuple[str, str] | None

    @property
    def everyday(self) -> bool:
        """Whether it is judged on everyday traffic."""
        return not self.bound and self.sql is not None and self.kind == "request"


def not_fine(promises: Sequence[Promise], trial: str | None = None) -> str:
    """SQL that says whether a request is in the total of some objective and not good in it.

    Args:
        trial: id of a trial as scenario.yaml has it; None for everyday traffic, where what failed is not fine if no
            objective is judged.
    """
    if trial is None:
        judged = [each for each in promises if each.everyday]
    else:
        judged = [each for each in promises if each.sql and each.kind == "request" and trial in each.trials]
    missed = []
    for each in judged:
        assert each.sql is not None
        total, good = each.sql
        inside = f"phase IN ({', '.join(map(_text, each.phases))}) AND " if each.phases and trial is not None else ""
        missed.append(f"({inside}({total}) AND NOT ({good}))")
    return f"({' OR '.join(missed)})" if missed else FAILED if trial is None else "0"


@dataclass(frozen=True)
class Series:
    """A source's events in bins of `width_s` seconds, the first of which begins at `start_s`.

    Attributes:
        n, bad: events due in each bin, and how many were not fine.
        p50, p99: latencies in seconds; None where nothing was due, infinite where so many had no answer.
        who: answers by who gave them; tenants: those that were not fine, by segment.
    """

    start_s: float
    width_s: float
    n: list[int]
    bad: list[int]
    p50: list[float | None]
    p99: list[float | None]
    who: dict[str, list[int]] = field(default_factory=dict)
    tenants: dict[str, list[int]] = field(default_factory=dict)


class Events:
    """Events by source: the everyday traffic, or one trial of a rehearsal. Used by one thread."""

    def __init__(self) -> None:
        self._warm = dict[str, float]()  # when the first request of each source was answered
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute("PRAGMA case_sensitive_like = ON")  # as in DuckDB
        columns = ", ".join(f"{name} {_TYPES[kind]}" for name, kind in COLUMNS.items())
        self._db.execute(f"CREATE TABLE events (source TEXT, {columns}, latency REAL)")
        self._db.execute("CREATE INDEX by_due ON events (source, due)")

    def add(self, source: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Take events in; what is no event is left out. Returns how many there were."""
        found = [row for row in rows if _is_event(row)]
        if asked := [row for row in found if row.get("kind") == "request"]:
            first = min(asked, key=lambda row: float(row["due"]))
            self._warm.setdefault(source, float(first["due"] if first.get("done") is None else first["done"]))
        names = list(COLUMNS)
        marks = ", ".join("?" * (len(names) + 2))
        values = [(source, *(_plain(row.get(name)) for name in names), _latency(row)) for row in found]
        self._db.executemany(f"INSERT INTO events VALUES ({marks})", values)
        return len(found)

    def forget(self, source: str, before_s: float = math.inf) -> None:
        """Drop a source's events that were due before a moment; by default all."""
        if math.isinf(before_s):
            self._warm.pop(source, None)
        self._db.execute("DELETE FROM events WHERE source = ? AND due < ?", (source, before_s))

    def understood(self, slo: Slo, window: Window, bound: bool = False) -> Promise:
        """An objective as it can be judged here; `bound` as in `Promise`."""
        total = f"coalesce(({slo.total}), 0)"
        good = f"{total} AND coalesce(({slo.good}), 0)"
        try:
            self._db.execute(f"SELECT {total}, {good} FROM events LIMIT 0")
            sql = (total, good)
        except sqlite3.Error:
            sql = None
        return Promise(slo, tuple(window.trials), tuple(window.phases), window.kind, bound, sql)

    def verdicts(self, promises: Sequence[Promise], told: Mapping[str, str]) -> list[bool | None]:
        """Of each promise whether an answered request of this kind is good; None where it does not count.

        Args:
            promises: those with SQL.
            told: columns of the request that say more than 200 and an answer at once.
        """
        row = {"trial": "", "kind": "request", "due": 0.0, "done": 0.0, "status": 200, "served_by": "", **told}
        self.add(_ASKED, [row])
        found: list[bool | None] = []
        for promise in promises:
            assert promise.sql is not None
            total, good = promise.sql
            [pair] = self._db.execute(f"SELECT {total}, {good} FROM events WHERE source = ?", (_ASKED,))
            found.append(bool(pair[1]) if pair[0] else None)
        self.forget(_ASKED)
        return found

    def kept(
        self, source: str, promises: Sequence[Promise], now_s: float, seconds: int, since_s: float = -math.inf
    ) -> list[list[tuple[int, int]]]:
        """Of each promise, good and bad events of each of the last seconds, the oldest first; those that were due
        before `since_s` do not count."""
        asked = [promise.sql or ("0", "0") for promise in promises]
        kinds = [promise.kind for promise in promises]
        found = [[(0, 0)] * seconds for _ in promises]
        if not promises:
            return found
        sums = ", ".join(
            f"total((kind = '{kind}') AND {good}), total((kind = '{kind}') AND {total} AND NOT ({good}))"
            for kind, (total, good) in zip(kinds, asked, strict=True)
        )
        end = math.floor(now_s)
        rows = self._db.execute(
            f"SELECT CAST(due AS INTEGER) AS second, {sums} FROM events "
            "WHERE source = ? AND due >= ? AND due < ? GROUP BY second",
            (source, max(end - seconds, since_s), end),
        )
        for second, *counts in rows:
            for n, row in enumerate(found):
                row[int(second) - (end - seconds)] = (int(counts[2 * n]), int(counts[2 * n + 1]))
        return found

    def series(self, source: str, start_s: float, width_s: float, bins: int, missed: str = FAILED) -> Series:
        """What was due from `start_s` on. `missed` is SQL that says what was not fine. The first request, and those
        that were due before it was answered, have no latency: they waited for what was only starting."""
        rows = self._db.execute(
            f"SELECT due, latency, served_by, segment, {missed}, done IS NULL FROM events "
            "WHERE source = ? AND kind = 'request' AND due >= ? AND due < ? AND error IS NOT 'cut' ORDER BY due",
            (source, start_s, start_s + width_s * bins),
        ).fetchall()
        n, bad, warm = [0] * bins, [0] * bins, self._warm.get(source, -math.inf)
        latencies: list[list[float]] = [[] for _ in range(bins)]
        who, tenants = _Named(bins), _Named(bins)
        for due, latency, served_by, segment, bad_one, unanswered in rows:
            at = min(bins - 1, int((due - start_s) / width_s))
            n[at] += 1
            bad[at] += bad_one
            if due > warm:
                latencies[at].append(latency)
            who.add(NOBODY if unanswered else served_by or "", at)
            if bad_one:
                tenants.add(segment or "", at)
        return Series(
            start_s,
            width_s,
            n,
            bad,
            [_quantile(each, 0.5) for each in latencies],
            [_quantile(each, 0.99) for each in latencies],
            who.most(),
            tenants.most(),
        )

    def missed(self, source: str, most: int, missed: str = FAILED) -> list[dict[str, Any]]:
        """The newest requests that were not fine, as the SQL `missed` says."""
        rows = self._db.execute(
            "SELECT due, id, name, segment, latency, status, answer, served_by, error FROM events "
            f"WHERE source = ? AND kind = 'request' AND {missed} AND error IS NOT 'cut' ORDER BY due DESC LIMIT ?",
            (source, most),
        )
        return [
            {
                "due": due,
                "id": visible(id, 64),
                "name": visible(name, 40),
                "segment": visible(segment, 40),
                "latency": None if math.isinf(latency) else round(latency, 3),
                "said": _said(status, answer, error),
                "who": visible(served_by, 40),
            }
            for due, id, name, segment, latency, status, answer, served_by, error in rows
        ]

    def close(self) -> None:
        self._db.close()


_TYPES = {"VARCHAR": "TEXT", "DOUBLE": "REAL", "INTEGER": "INTEGER"}


class _Named:
    """Counts by name and bin; only the most frequent names are told apart."""

    def __init__(self, bins: int) -> None:
        self._bins, self._counts, self._sums = bins, dict[str, list[int]](), Counter[str]()

    def add(self, name: str, at: int) -> None:
        self._counts.setdefault(name, [0] * self._bins)[at] += 1
        self._sums[name] += 1

    def most(self) -> dict[str, list[int]]:
        told = sorted(name for name, _ in self._sums.most_common(MOST_NAMES))
        found = {visible(name, 40): self._counts[name] for name in told}
        rest = [self._counts[name] for name in self._sums if name not in set(told)]
        if rest:
            found[OTHERS] = [sum(each) for each in zip(*rest, strict=True)]
        return found


def _is_event(row: Mapping[str, Any]) -> bool:
    return isinstance(row.get("trial"), str) and isinstance(row.get("due"), int | float)


def _text(value: str) -> str:
    """A text as SQL has it."""
    return "'" + value.replace("'", "''") + "'"


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | None) else None


def _latency(row: Mapping[str, Any]) -> float:
    done = row.get("done")
    return done - row["due"] if isinstance(done, int | float) else math.inf


def _quantile(latencies: list[float], share: float) -> float | None:
    """The smallest latency that this share of requests did not exceed."""
    if not latencies:
        return None
    return sorted(latencies)[max(0, math.ceil(share * len(latencies)) - 1)]


def _said(status: int, answer: str, error: str) -> str:
    if error:
        return visible(error, 40)
    return f"{status}" if not 200 <= status <= 299 else visible(answer, 40)
