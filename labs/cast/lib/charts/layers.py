"""What is drawn on a panel. Numbers that are None, not finite or past 1e12 are left out; a line is broken there.

However much data comes, little is drawn: of a line the first, least, largest and last value in each of 300 columns; of
dots one a pixel, at most 1,500 of those; of bars and spans at most 600, of marks 60, evenly chosen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

from charts.axes import Scale
from charts.svg import LETTER, Tone, cut, element, text, wide

COLUMNS, MOST_DOTS, MOST_BARS, MOST_MARKS, MOST_LABEL = 300, 1500, 600, 60, 34
LARGEST = 1e12
Number = float | None
Point = tuple[float, float]
_Each = TypeVar("_Each")


class Swatch(NamedTuple):
    """An entry of a legend; its form is line, dashed, area, solid, dot or ring."""

    name: str
    tone: Tone
    form: str


class Layer:
    """Something on a panel: `name` stands in the legend, unless it is empty. `xs` and `ys` are what axes reach."""

    form = "area"

    def __init__(self, name: str, tone: Tone) -> None:
        self.name, self.tone = name, tone
        self.xs: list[float] = []
        self.ys: list[float] = []

    @property
    def legend(self) -> list[Swatch]:
        """What the legend says of it."""
        return [Swatch(self.name, self.tone, self.form)] if self.name else []

    def drawn(self, x: Scale, y: Scale) -> str:
        """Its SVG."""
        raise NotImplementedError


class Line(Layer):
    """A line through points; `stepped` holds each value until the next point."""

    def __init__(
        self,
        name: str,
        x: Iterable[Number],
        y: Iterable[Number],
        tone: Tone = Tone.YOURS,
        *,
        dashed: bool = False,
        stepped: bool = False,
    ) -> None:
        super().__init__(name, tone)
        self.form = "dashed" if dashed else "line"
        self._stepped = stepped
        rows = [(_known(a), _known(b)) for a, b in zip(x, y, strict=False)]
        self._runs = [
            [(a, b) for a, b in run if a is not None and b is not None]
            for there, run in groupby(rows, lambda row: None not in row)
            if there
        ]
        self.xs, self.ys = ([point[axis] for run in self._runs for point in run] for axis in (0, 1))

    def drawn(self, x: Scale, y: Scale) -> str:
        return "".join(
            element("path", d=_path(thinned(run, x), x, y, self._stepped), fill="none", stroke=self.tone.paint,
                    stroke_width=1.8, stroke_linejoin="round", stroke_linecap="round",
                    stroke_dasharray="5 3" if self.form == "dashed" else None)
            for run in self._runs
        )  # fmt: skip


class Band(Layer):
    """What lies between two lines over the same x."""

    def __init__(
        self,
        name: str,
        x: Iterable[Number],
        low: Iterable[Number],
        high: Iterable[Number],
        tone: Tone = Tone.TRUTH,
    ) -> None:
        super().__init__(name, tone)
        rows = [[_known(value) for value in row] for row in zip(x, low, high, strict=False)]
        self._rows = [(a, b, c) for a, b, c in rows if a is not None and b is not None and c is not None]
        self.xs = [row[0] for row in self._rows]
        self.ys = [value for row in self._rows for value in row[1:]]

    def drawn(self, x: Scale, y: Scale) -> str:
        there = thinned([(a, c) for a, _, c in self._rows], x)
        back = thinned([(a, b) for a, b, _ in self._rows], x)[::-1]
        if not there:
            return ""
        return element("path", d=_path(there + back, x, y, False) + "Z", fill=self.tone.paint, fill_opacity=0.25)


class Bars(Layer):
    """Upright bars from 0; `width` in units of x. Where several layers stand side by side, `beside=(0, 2)` is the first
    of two."""

    form = "solid"

    def __init__(
        self,
        name: str,
        x: Iterable[Number],
        y: Iterable[Number],
        tone: Tone = Tone.YOURS,
        *,
        width: float = 0.8,
        beside: tuple[int, int] = (0, 1),
    ) -> None:
        super().__init__(name, tone)
        each = width / beside[1]
        shift = each * beside[0] - width / 2
        self._bars = [(a + shift, a + shift + each, b) for a, b in _points(x, y)]
        self.xs = [side for bar in self._bars for side in bar[:2]]
        self.ys = [0.0, *(bar[2] for bar in self._bars)] if self._bars else []

    def drawn(self, x: Scale, y: Scale) -> str:
        return "".join(
            _box(x.at(a), x.at(b), y.at(0), y.at(top), self.tone, 0.9) for a, b, top in few(self._bars, MOST_BARS)
        )


class Spans(Layer):
    """From one x to another: over the whole height of a panel, or in the rows of a y axis of names. `tall` is the share
    of a row's height, `apart` how far above its middle (in rows) they lie."""

    def __init__(
        self,
        name: str,
        spans: Iterable[tuple[Number, Number]] = (),
        tone: Tone = Tone.TRUTH,
        *,
        rows: Iterable[float] | None = None,
        tall: float = 0.6,
        apart: float = 0.0,
        solid: bool = False,
    ) -> None:
        super().__init__(name, tone)
        ends = [(_known(a), _known(b)) for a, b in spans]
        each = zip(ends, [0.0] * len(ends) if rows is None else map(float, rows), strict=False)
        self._spans = _joined(((a, b), row) for (a, b), row in each if a is not None and b is not None)
        self._everywhere = rows is None
        self._tall, self._apart, self._opacity = tall, apart, 0.9 if solid else 0.25
        self.form = "solid" if solid else "area"
        self.xs = [end for span, _ in self._spans for end in span]

    def drawn(self, x: Scale, y: Scale) -> str:
        there = [each for each in self._spans if self._everywhere or y.low <= each[1] <= y.high]
        half, parts = self._tall / 2, []
        for (a, b), row in few(there, MOST_BARS):
            middle = row + self._apart
            low, high = (y.low, y.high) if self._everywhere else (middle - half, middle + half)
            left = x.at(a)
            parts.append(_box(left, max(x.at(b), left + 2), y.at(low), y.at(high), self.tone, self._opacity))
        return "".join(parts)


class Dots(Layer):
    """Points; `ring` draws them hollow. `size` is their radius in px."""

    def __init__(
        self,
        name: str,
        x: Iterable[Number],
        y: Iterable[Number],
        tone: Tone = Tone.YOURS,
        *,
        size: float = 3.0,
        ring: bool = False,
    ) -> None:
        super().__init__(name, tone)
        self.form = "ring" if ring else "dot"
        self._dots, self._size = _points(x, y), size
        self.xs, self.ys = ([dot[axis] for dot in self._dots] for axis in (0, 1))

    def drawn(self, x: Scale, y: Scale) -> str:
        places = list(dict.fromkeys((round(x.at(a)), round(y.at(b))) for a, b in self._dots))
        look = {"fill": "none", "stroke": self.tone.paint, "stroke_width": 1.6} if self.form == "ring" else {}
        dots = "".join(element("circle", cx=a, cy=b, r=self._size) for a, b in few(places, MOST_DOTS))
        return element("g", dots, **(look or {"fill": self.tone.paint, "fill_opacity": 0.85})) if dots else ""


class Marks(Layer):
    """Upright lines, each with a label of at most 34 characters that is drawn where there is room for it."""

    form = "line"

    def __init__(self, name: str, at: Iterable[Number], labels: Sequence[object] = (), tone: Tone = Tone.OTHER) -> None:
        super().__init__(name, tone)
        places = [_known(each) for each in at]
        words = [cut(each, MOST_LABEL) for each in labels] or [""] * len(places)
        self._marks = sorted((at, word) for at, word in zip(places, words, strict=False) if at is not None)
        self.xs = [at for at, _ in self._marks]

    def drawn(self, x: Scale, y: Scale) -> str:
        top, parts, ends = min(y.at(y.high), y.at(y.low)), [], [-math.inf] * 3
        right = max(x.at(x.low), x.at(x.high))
        for value, label in few(self._marks, MOST_MARKS):
            px = x.at(value)
            path = f"M{px:.1f} {y.at(y.low):.1f}V{y.at(y.high):.1f}"
            parts.append(element("path", d=path, stroke=self.tone.paint, stroke_width=1.4))
            left = px + 3 if px + 3 + wide(label) <= right else px - 3 - wide(label)
            row = next((row for row in range(3) if ends[row] <= left), None)
            if label and row is not None:
                ends[row] = left + wide(label) + LETTER
                parts.append(text(left, top + 10 + 12 * row, label, fill=self.tone.paint))
        return "".join(parts)


def thinned(points: Sequence[Point], x: Scale) -> list[Point]:
    """The points of a line that can be seen: the first, least, largest and last of each column, in their order."""
    if len(points) <= 2 * COLUMNS:
        return list(points)
    width = (x.high - x.low) / COLUMNS
    seen: list[Point] = []
    for _, column in groupby(points, lambda point: math.floor((point[0] - x.low) / width)):
        each = list(enumerate(column))
        ends = (each[0], min(each, key=_height), max(each, key=_height), each[-1])
        seen += [point for _, point in sorted(set(ends))]
    return few(seen, 4 * COLUMNS)


def few(all_: Sequence[_Each], most: int) -> list[_Each]:
    """At most so many of them, evenly chosen."""
    return list(all_) if len(all_) <= most else [all_[at * len(all_) // most] for at in range(most)]


def _joined(spans: Iterable[tuple[Point, float]]) -> list[tuple[Point, float]]:
    """Spans by row and begin; those of one row that touch as one."""
    found: list[tuple[Point, float]] = []
    for (begin, end), row in sorted(spans, key=lambda each: (each[1], each[0])):
        if found and found[-1][1] == row and begin <= found[-1][0][1]:
            begin, end = found[-1][0][0], max(end, found.pop()[0][1])
        found.append(((begin, end), row))
    return found


def _height(numbered: tuple[int, Point]) -> float:
    return numbered[1][1]


def _known(value: Number) -> Number:
    return float(value) if value is not None and abs(value) <= LARGEST else None


def _points(x: Iterable[Number], y: Iterable[Number]) -> list[Point]:
    both = [(_known(a), _known(b)) for a, b in zip(x, y, strict=False)]
    return [(a, b) for a, b in both if a is not None and b is not None]


def _path(points: Sequence[Point], x: Scale, y: Scale, stepped: bool) -> str:
    places = [(f"{x.at(a):.1f}", f"{y.at(b):.1f}") for a, b in points]
    if stepped:
        return "".join(
            f"{'M' if not at else 'H'}{a}{f' {b}' if not at else f'V{b}'}" for at, (a, b) in enumerate(places)
        )
    return "M" + "L".join(f"{a} {b}" for a, b in places)


def _box(left: float, right: float, bottom: float, top: float, tone: Tone, opacity: float) -> str:
    left, right, top, bottom = min(left, right), max(left, right), min(top, bottom), max(top, bottom)
    return element("rect", x=left, y=top, width=max(right - left, 0.8), height=bottom - top, fill=tone.paint,
                   fill_opacity=opacity)  # fmt: skip
