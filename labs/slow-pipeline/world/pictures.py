"""Pictures of a night: where its seconds go, call by call and in all, and what was delivered by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from charts import Axis, Chart, Line, Marks, Panel, Spans, Tone
from costly_ports.costs import Part, Spent, totals
from course import SHARES, Course

KINDS = {
    "connection": ("a new connection", Tone.BAD),
    "weights": ("weights are read", Tone.MORE),
    "text": ("rows with a text among numbers", Tone.OTHER),
    "call": ("the call and its rows", Tone.YOURS),
}
"""What takes time, as services name it and as people read it."""

REST = "in no call: your job, or its machine"


def kind_of(part: Part) -> str:
    """Of which kind a part of a call is here."""
    return part.kind if part.kind in KINDS else "call"


class Bar(NamedTuple):
    """So many seconds of one kind at one service, in all; or of no call, where `service` is empty."""

    service: str
    kind: str
    seconds: float

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.service} {short(self.kind)}" if self.service else REST


def of(nights: Sequence[Course], busy: str = "") -> Iterator[Chart]:
    """Of the newest big night that has gone some way: the waterfall, and deliveries. `busy`: said of the machine."""
    big = [night for night in nights if night.case["kind"] == "big" and night.now > 1]
    if big:
        over = [night for night in big if night.closed] or big[:1]
        yield waterfall(over[-1], busy)
        yield delivered(over[-1])


def spent(night: Course) -> list[Bar]:
    """Where the seconds of a night went, the most first."""
    found = [
        Bar(service, kind, sum(part.seconds for call in calls for part in call.parts if kind_of(part) == kind))
        for service, calls in night.calls.items()
        for kind in KINDS
    ]
    found.append(Bar("", "", night.idle))
    return sorted((bar for bar in found if bar.seconds > 0), key=lambda bar: -bar.seconds)


def waterfall(night: Course, busy: str = "") -> Chart:
    """Each service's calls over the night; below it, the same seconds laid end to end, by what took them."""
    services = list(night.calls)
    across = Axis("since the night began", "s", 0, max(night.now, night.bound()) * 1.04)
    bound = Marks("the bound", [night.bound()], [f"due: {night.bound():.1f} s"], Tone.TRUTH)
    bars = spent(night)[:8]
    names = [bar.name for bar in bars]
    tones = [KINDS[bar.kind][1] if bar.service else Tone.TRUTH for bar in bars]
    starts = [sum(bar.seconds for bar in bars[:at]) for at in range(len(bars))]
    lower = [
        Spans("", [(starts[at], starts[at] + bar.seconds)], tones[at], rows=[at], tall=0.7, solid=True)
        for at, bar in enumerate(bars)
    ]
    again = Marks("", [night.bound()], (), Tone.TRUTH)
    panels = [
        Panel([*by_kind(night, services), bound], across, Axis(names=services), "call by call", 34 * len(services)),
        Panel([*lower, again], Axis("all together", "s", 0, across.high), Axis(names=names), "end to end"),
    ]
    title = ". ".join(filter(None, (headline(night, bars), busy)))
    return Chart("waterfall", title, panels)


def by_kind(night: Course, services: Sequence[str]) -> list[Spans]:
    """A layer for each kind, its spans in the rows of services."""
    layers = []
    for kind, (name, tone) in KINDS.items():
        spans, rows = [], []
        for row, service in enumerate(services):
            for part in (part for call in night.calls[service] for part in call.parts if kind_of(part) == kind):
                spans.append((part.begun - night.begun, part.ended - night.begun))
                rows.append(row)
        if spans:
            layers.append(Spans(name, spans, tone, rows=rows, tall=0.7, solid=True))
    return layers


def short(kind: str) -> str:
    """A kind in a row's name."""
    return {"connection": "connections", "call": "calls"}.get(kind, kind)


def headline(night: Course, bars: Sequence[Bar]) -> str:
    """What to see."""
    done, due = night.reached(1.0), f"due at {night.bound():.1f} s"
    state = f"{len(night.arrivals) or 'none'} of {night.size} rows of night {night.name} are delivered"
    if done is not None:
        state += f" after {done:.1f} s, {due}"
    else:
        state += f" after {night.now:.1f} s, {due}"
        if night.arrivals:
            state += f"; at this pace all are there after {night.now / len(night.arrivals) * night.size:.0f} s"
    busy = ", ".join(f"{bar.seconds:.1f} s {bar.name}" for bar in bars[:3])
    return f"{state}. Most of it: {busy}"


def delivered(night: Course) -> Chart:
    """Rows delivered over time, beside the bound."""
    at = [0.0, *night.arrivals, night.now]
    counts = [float(count) for count in range(len(night.arrivals) + 1)] + [float(len(night.arrivals))]
    due = [night.bound(share) for share in SHARES]
    late = sum((found := night.reached(share)) is None or found > night.bound(share) for share in SHARES)
    layers = [
        Line("due", due, [share * night.size for share in SHARES], Tone.TRUTH, dashed=True),
        Line("delivered by your job", at, counts, Tone.YOURS, stepped=True),
    ]
    title = f"{late} of {len(SHARES)} looks at this night find too few rows"
    x = Axis("since the night began", "s", 0, max(night.now, night.bound()) * 1.04)
    return Chart("delivered", title, [Panel(layers, x, Axis("rows", low=0, high=night.size), height=120)])


def figures(calls: Sequence[Spent]) -> list[object]:
    """A night's figures at a service: calls, rows, connections, sessions, rows with text, refused, seconds."""
    found = totals(calls)
    names = "calls", "rows", "connections", "sessions", "slow_rows", "refused", "busy_s"
    return [found.get(name, 0) for name in names]
