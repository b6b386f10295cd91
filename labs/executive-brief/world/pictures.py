"""Pictures of the public season: what was said of each month beside what is true, and one evening as it went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from charts import Axis, Chart, Dots, Line, Marks, Panel, Spans, Tone
from judge import RIGHT, near, ranged, said
from trade import MINUTES

if TYPE_CHECKING:
    from world import Seen


def of(seen: Sequence[Seen]) -> Iterator[Chart]:
    """What can be drawn so far."""
    if seen:
        yield losses(seen)
        yield evening(seen[0])
        yield leavers(seen)


def _number(one: Seen, name: str) -> float | None:
    value = said(one.found, name)
    return float(value) if isinstance(value, float) else None


def _names(seen: Sequence[Seen]) -> list[str]:
    return [f"{one.made.case['id']}, doubt {100 * one.made.trade.doubt / one.made.trade.lost:.0f} %" for one in seen]


def losses(seen: Sequence[Seen]) -> Chart:
    """A row a month: the loss of each brief and its range, in per cent of what is true."""
    points, right = [], 0
    held: list[tuple[float, float, int]] = []
    off: list[tuple[float, float, int]] = []
    for row, one in enumerate(seen):
        truth, value = one.made.trade.lost, _number(one, "lost")
        low, high = _number(one, "low"), _number(one, "high")
        if value is not None:
            points.append((100 * value / truth, row))
            right += abs(value / truth - 1) <= near(one.made)
        if low is not None and high is not None and high > low:
            fits = ranged(one.found, one.made)[0] == RIGHT
            (held if fits else off).append((100 * low / truth, 100 * high / truth, row))
    title = f"{right} of {len(seen)} briefs name a loss that is near enough; {len(held)} have a range that fits"
    layers = [
        Spans("your range", [each[:2] for each in held], Tone.GOOD, rows=[each[2] for each in held]),
        Spans("it misses, or is too wide", [each[:2] for each in off], Tone.BAD, rows=[each[2] for each in off]),
        Marks("true", [100.0], ["true"], Tone.TRUTH),
        Dots("your loss", [at for at, _ in points], [row for _, row in points], Tone.YOURS, size=4),
    ]
    ends = [at for at, _ in points] + [high for _, high, _ in held + off]
    across = Axis(
        "loss that the brief names", "% of the true one", low=0, high=200 if max(ends, default=0) < 200 else 400
    )
    return Chart("losses", title, [Panel(layers, across, Axis(names=_names(seen)), height=22 * len(seen))])


def evening(one: Seen) -> Chart:
    """The worst outage of a month: what came in, and what would have."""
    trade, worst = one.made.trade, one.made.trade.worst
    first, last = worst.begin // MINUTES - 24, worst.end // MINUTES + 42
    hours = [(at * MINUTES - worst.begin) / 60 for at in range(first, last)]
    week = trade.was.mean()
    layers = [
        Spans("outage", [(0.0, (worst.end - worst.begin) / 60)], Tone.BAD),
        Line("would have been sold", hours, [float(each) for each in trade.would[first:last]], Tone.TRUTH, dashed=True),
        Line("was sold", hours, [float(each) for each in trade.was[first:last]], Tone.YOURS),
        Line("the month's average", hours, [float(week)] * len(hours), Tone.OTHER),
    ]
    title = f"{worst.id}, the worst outage of its month, took {worst.lost:,.0f} EUR for good"
    return Chart("evening", title, [Panel(layers, Axis("hours since it began"), Axis("EUR in ten minutes", low=0))])


def leavers(seen: Sequence[Seen]) -> Chart:
    """A row a month: who left over it, and what the brief says."""
    told = [(value, row) for row, one in enumerate(seen) if (value := _number(one, "left")) is not None]
    true = [(one.made.left, row) for row, one in enumerate(seen)]
    right = sum(abs(value / true[row][0] - 1) <= 0.1 for value, row in told)
    layers = [
        Dots("left over it", [at for at, _ in true], [row for _, row in true], Tone.TRUTH, size=5, ring=True),
        Dots("your brief", [at for at, _ in told], [row for _, row in told], Tone.YOURS, size=4),
    ]
    title = f"{right} of {len(seen)} briefs name within 10 % how many customers left over the outages"
    return Chart(
        "leavers", title, [Panel(layers, Axis("customers", low=0), Axis(names=_names(seen)), height=22 * len(seen))]
    )
