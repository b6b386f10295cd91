"""The timeline of one trial: small plots over one time axis, and the same figures as a table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.report.chart import (
    Band,
    Legend,
    Panel,
    Scale,
    Shape,
    Tick,
    along,
    band,
    columns,
    decade_ticks,
    decades,
    line,
    round_up,
    time_ticks,
)
from grader.report.series import Series
from grader.report.summary import count, percent, seconds
from grader.safe import visible


@dataclass(frozen=True)
class Objective:
    """What a timeline needs to know of an objective: its title, target, and the phases it judges (none: all)."""

    title: str
    target: float
    phases: tuple[str, ...]


@dataclass(frozen=True)
class Timeline:
    """All that is drawn for one trial.

    `phase_words` names the phases and their ends; `head` and `rows` are the table, a row for each bucket.
    """

    end_s: float
    width_s: float
    panels: tuple[Panel, ...]
    phases: tuple[Band, ...]
    phase_words: str
    windows: tuple[Band, ...]
    ticks: tuple[Tick, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def timeline(series: Series, objectives: Mapping[str, Objective]) -> Timeline:
    """The timeline of a trial; `objectives` by id, in the order they are shown."""
    covered = {key: objective for key, objective in objectives.items() if key in series.good}
    panels = [_load(series), _latency(series)]
    panels += [_good(series, series.good[key], objective) for key, objective in covered.items()]
    if set(series.served) - {"not said"}:
        panels.append(_served(series))
    return Timeline(
        series.end_s,
        series.width_s,
        tuple(panels),
        tuple(band(start, end, series.end_s, visible(name, 40)) for name, start, end in series.phases),
        ", ".join(f"{visible(name, 40)} to {end:g} s" for name, _, end in series.phases),
        tuple(band(start, end, series.end_s) for start, end in series.windows),
        time_ticks(series.end_s),
        ("time", "due /s", "answered /s", "no answer", "p50", "p99", "echo")
        + tuple(f"{visible(objective.title, 60)}: bad" for objective in covered.values())
        + tuple(visible(f"by {name}", 40) for name in series.served),
        tuple(_row(series, i, list(covered)) for i in range(len(series.buckets))),
    )


def _load(series: Series) -> Panel:
    planned = [bucket.planned / series.width_s for bucket in series.buckets[: series.whole]]
    answered = [bucket.answered / series.width_s for bucket in series.buckets[: series.whole]]
    partial = [None] * (len(series.buckets) - series.whole)
    scale = Scale(0, round_up(max([*planned, *answered, 1])), 72)
    due, got = (sum(getattr(b, name) for b in series.buckets) for name in ("planned", "answered"))
    return Panel(
        "Requests per second",
        f"{count(due, 'request')} were due over {series.end_s:g} s, {got:,} were answered.",
        scale.height,
        tuple(Tick(scale.y(value), f"{value:g}") for value in (0, scale.high / 2, scale.high)),
        (Shape("answered", line([*answered, *partial], scale)), Shape("planned", line([*planned, *partial], scale))),
        (Legend("planned", "due"), Legend("answered", "answered")),
    )


def _latency(series: Series) -> Panel:
    columns_of = {name: [getattr(b, name) for b in series.buckets] for name in ("echo", "p50", "p99")}
    scale = decades([value for values in columns_of.values() for value in values if value is not None], 124)
    silent = tuple(
        along((i + 0.5) * series.width_s, series.end_s) for i, bucket in enumerate(series.buckets) if bucket.unanswered
    )
    names = {"p50": "p50, the median", "p99": "p99, the slowest of a hundred", "echo": "the machine's own noise"}
    return Panel(
        "Latency, from the time a request was due",
        _latency_words(series),
        scale.height,
        decade_ticks(scale),
        tuple(Shape(name, line(values, scale)) for name, values in columns_of.items()),
        tuple(Legend(name, label) for name, label in names.items() if any(v is not None for v in columns_of[name]))
        + ((Legend("silent", "some had no answer"),) if silent else ()),
        marks=silent,
    )


def _latency_words(series: Series) -> str:
    slowest = max(((b.p99, i) for i, b in enumerate(series.buckets) if b.p99 is not None), default=None)
    medians = sorted(bucket.p50 for bucket in series.buckets if bucket.p50 is not None)
    if slowest is None:
        return "No request was due."
    unanswered = sum(bucket.unanswered for bucket in series.buckets)
    silent = f" {count(unanswered, 'request')} had no answer." if unanswered else ""
    at = slowest[1] * series.width_s
    return f"Usual median {seconds(medians[len(medians) // 2])}; p99 worst at {at:g} s, {seconds(slowest[0])}.{silent}"


def _good(series: Series, cells: Sequence[tuple[int, int]], objective: Objective) -> Panel:
    scale = Scale(0, 1, 46)
    ratios = [good / valid if valid else 1.0 for good, valid in cells]
    top = [scale.y(1)] * len(ratios)
    judged = [name for name, *_ in series.phases if not objective.phases or name in objective.phases]
    bad, valid = sum(v - g for g, v in cells), sum(v for _, v in cells)
    worst = min(range(len(ratios)), key=lambda i: ratios[i])
    where = f" Worst at {worst * series.width_s:g} s: {percent(ratios[worst])} good." if bad else ""
    outside = [visible(name, 40) for name, *_ in series.phases if name not in judged]
    aside = f" Not judged in {', '.join(outside)}." if outside else ""
    return Panel(
        f"Good for “{visible(objective.title, 80)}”",
        f"{bad:,} of {count(valid, 'event')} bad.{where}{aside}",
        scale.height,
        (Tick(scale.y(0), "0 %"), Tick(scale.y(1), "100 %")),
        (Shape("good", columns([scale.y(0)] * len(ratios), [scale.y(r) if v else scale.y(0) for r, (_, v) in
                                                             zip(ratios, cells, strict=True)])),
         Shape("bad", columns([scale.y(ratio) for ratio in ratios], top))),
        (Legend("bad", "bad", filled=True),),
        shaded=tuple(band(a, b, series.end_s, "not judged") for name, a, b in series.phases if name not in judged),
        target=Tick(scale.y(objective.target), f"promised {percent(objective.target)}"),
    )  # fmt: skip


def _served(series: Series) -> Panel:
    scale = Scale(0, 1, 64)
    totals = [sum(column) for column in zip(*series.served.values(), strict=True)]
    below = [0.0] * len(totals)
    shapes, legends, words = [], [], []
    for number, (name, row) in enumerate(series.served.items(), start=1):
        above = [b + (n / total if total else 0) for b, n, total in zip(below, row, totals, strict=True)]
        shapes.append(Shape(f"share{number}", columns([scale.y(b) for b in below], [scale.y(a) for a in above])))
        legends.append(Legend(f"share{number}", visible(name, 40), filled=True))
        words.append(f"{visible(name, 40)} {percent(sum(row) / max(1, sum(totals)))}")
        below = above
    return Panel(
        "Who answered",
        f"Of all answers: {', '.join(words)}.",
        scale.height,
        (Tick(scale.y(0), "0 %"), Tick(scale.y(0.5), "50 %"), Tick(scale.y(1), "100 %")),
        tuple(shapes),
        tuple(legends),
    )


def _row(series: Series, i: int, covered: Sequence[str]) -> tuple[str, ...]:
    bucket = series.buckets[i]
    bad = [series.good[key][i] for key in covered]
    return (
        f"{i * series.width_s:.2f} s",
        f"{bucket.planned / series.width_s:g}",
        f"{bucket.answered / series.width_s:g}",
        f"{bucket.unanswered}",
        *(_time(value) for value in (bucket.p50, bucket.p99, bucket.echo)),
        *(f"{valid - good}/{valid}" if valid else "" for good, valid in bad),
        *(str(row[i]) if row[i] else "" for row in series.served.values()),
    )


def _time(value: float | None) -> str:
    return "" if value is None else "none" if math.isinf(value) else seconds(value)
