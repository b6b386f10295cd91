"""What the charts draw: events of each trial counted in equal buckets of time. No geometry here."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from grader.report.data import RunData

_WIDTHS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0)
_MOST_BUCKETS = 120
_LEAST_REQUESTS = 15
_MOST_SERVERS = 4
OTHERS = "others"


@dataclass(frozen=True)
class Bucket:
    """A stretch of `width` seconds: requests due, answers given, those never answered, latency of those due in seconds
    (infinite without an answer, None without a request), the sealed echo's slowest time."""

    planned: int = 0
    answered: int = 0
    unanswered: int = 0
    p50: float | None = None
    p99: float | None = None
    echo: float | None = None


@dataclass(frozen=True)
class Series:
    """One trial over time.

    Attributes:
        end_s, width_s: extent and bucket width; buckets[i] covers i * width_s on.
        whole: how many buckets were seen to their end; a rate over the last, partial one would look like a drop.
        phases: (name, start, end) in seconds, in order.
        windows: (start, end) of stretches in which the exam did something to the system.
        good: by objective id, (good, valid) events for each bucket.
        served: by server, answers for each bucket; at most five servers, the last may be `OTHERS`.
    """

    end_s: float
    width_s: float
    buckets: tuple[Bucket, ...]
    whole: int
    phases: tuple[tuple[str, float, float], ...] = ()
    windows: tuple[tuple[float, float], ...] = ()
    good: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    served: dict[str, list[int]] = field(default_factory=dict)


def all_series(data: RunData) -> dict[str, Series]:
    """The series of every trial with events, by trial id."""
    widths = {trial: bucket_width(span.end_s, span.requests) for trial, span in data.spans.items()}
    data.rows("create or replace temp table widths (trial varchar, width double)")
    for trial, width in widths.items():
        data.rows("insert into widths values ($1, $2)", trial, width)
    counted, good, served = _buckets(data), _good(data), _served(data)
    windows, observed = _windows(data), _observed_phases(data)
    series = {}
    for trial, span in data.spans.items():
        size = max(1, math.floor(span.end_s / widths[trial]) + 1)
        end = size * widths[trial]
        series[trial] = Series(
            end,
            widths[trial],
            tuple(counted[trial].get(i, Bucket()) for i in range(size)),
            size if span.end_s >= end - 0.1 * widths[trial] else max(1, size - 1),
            _phases(data, trial, observed[trial], end),
            merged([(a, min(b, end)) for a, b in windows[trial] if a <= end], widths[trial]),
            {name: [row.get(i, (0, 0)) for i in range(size)] for name, row in sorted(good[trial].items())},
            _few({name: [row.get(i, 0) for i in range(size)] for name, row in served[trial].items()}),
        )
    return series


def bucket_width(end_s: float, requests: int) -> float:
    """The least width of at most 120 buckets that holds some fifteen requests each; half a second at most for that."""
    wanted = _LEAST_REQUESTS * end_s / requests if requests else 0.5
    least = max(min(wanted, 0.5), end_s / _MOST_BUCKETS)
    return next((width for width in _WIDTHS if width >= least), math.ceil(least))


def merged(windows: list[tuple[float, float]], gap: float) -> tuple[tuple[float, float], ...]:
    """Windows in order, those that touch or lie within `gap` seconds joined."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(windows):
        if joined and start <= joined[-1][1] + gap:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _buckets(data: RunData) -> dict[str, dict[int, Bucket]]:
    rows = data.rows(
        """with due_in as (
               select trial, floor(due / width)::int as i,
                      count(*) filter (kind = 'request' and done is null) as unanswered,
                      quantile_disc(latency, [0.5, 0.99]) filter (kind = 'request') as q,
                      max(latency) filter (kind = 'metronome') as echo
               from events join widths using (trial) where kind in ('request', 'metronome') and due >= 0 group by all),
           planned_in as (
               select trial, floor(due / width)::int as i, count(*) as planned
               from plan join widths using (trial) where kind = 'request' and due >= 0 group by all),
           done_in as (
               select trial, floor(done / width)::int as i, count(*) as answered
               from events join widths using (trial) where kind = 'request' and done is not null group by all)
           select trial, i, coalesce(planned, 0), coalesce(answered, 0), coalesce(unanswered, 0), q[1], q[2], echo
           from due_in full join done_in using (trial, i) full join planned_in using (trial, i)"""
    )
    found: dict[str, dict[int, Bucket]] = defaultdict(dict)
    for trial, i, *values in rows:
        found[trial][i] = Bucket(*values)
    return found


def _good(data: RunData) -> dict[str, dict[str, dict[int, tuple[int, int]]]]:
    rows = data.rows(
        """select trial, objective, floor(due / width)::int as i, count(*) filter (good), count(*)
           from judged join widths using (trial) group by all"""
    )
    found: dict[str, dict[str, dict[int, tuple[int, int]]]] = defaultdict(lambda: defaultdict(dict))
    for trial, objective, i, good, valid in rows:
        found[trial][objective][i] = (good, valid)
    return found


def _served(data: RunData) -> dict[str, dict[str, dict[int, int]]]:
    rows = data.rows(
        """select trial, coalesce(served_by, ''), floor(due / width)::int as i, count(*)
           from events join widths using (trial) where kind = 'request' and done is not null group by all"""
    )
    found: dict[str, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for trial, server, i, answers in rows:
        found[trial][server or "not said"][i] = answers
    return found


def _few(rows: dict[str, list[int]]) -> dict[str, list[int]]:
    """The busiest servers by name, the rest as one."""
    by_size = Counter({name: sum(row) for name, row in rows.items()})
    kept = sorted(name for name, _ in by_size.most_common(_MOST_SERVERS))
    few = {name: rows[name] for name in kept}
    rest = [row for name, row in rows.items() if name not in few]
    if rest:
        few[OTHERS] = [sum(column) for column in zip(*rest, strict=True)]
    return few


def _windows(data: RunData) -> dict[str, list[tuple[float, float]]]:
    """When the exam acted. Waits are steps and did nothing; nor did what was looked at before the method and after its
    last wait."""
    rows = data.rows(
        """with steps as (
             select trial, coalesce(sent, due) as began, coalesce(done, sent, due) as ended, answer,
               name ilike 'wait %' as waits
             from events where kind = 'fault' and coalesce(segment, '') not in ('hypothesis', 'rollbacks')
           )
           , last as (select trial, max(began) as wait from steps where waits group by trial)
           select trial, began, ended from steps left join last using (trial)
           where not waits and not (coalesce(answer, '') in ('yes', 'no') and began >= coalesce(wait, 'infinity'))
           order by trial, began"""
    )
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for trial, start, end in rows:
        found[trial].append((max(0.0, start), max(0.0, start, end)))
    return found


def _observed_phases(data: RunData) -> dict[str, list[tuple[str, float]]]:
    rows: list[tuple[Any, ...]] = data.rows(
        """select trial, phase, greatest(0, min(due)) from events
           where kind = 'request' and coalesce(phase, '') <> '' group by all order by 1, 3"""
    )
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for trial, phase, start in rows:
        found[trial].append((phase, start))
    return found


def _phases(
    data: RunData, trial: str, observed: list[tuple[str, float]], end: float
) -> tuple[tuple[str, float, float], ...]:
    """The planned phases up to `end`; those seen in the events where there is no plan."""
    kind = trial.rpartition(".")[0]
    if data.spec and any(t.id == kind for t in data.spec.trials):
        starts, at = [], 0.0
        for phase in data.spec.phases(kind):
            starts.append((phase.phase, at))
            at += phase.seconds
        starts.append(("", at))
    else:
        starts = [*observed, ("", end)]
    pairs = zip(starts, starts[1:], strict=False)
    return tuple((name, start, min(until, end)) for (name, start), (_, until) in pairs if start < min(until, end))
