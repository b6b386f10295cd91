"""Small charts as SVG: axes, lines, areas and words, readable on light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

Point = tuple[float, float]

STYLE = """
svg { --paper: #ffffff; --ink: #1f2328; --dim: #59636e; --grid: #d8dee4; --good: #1a7f37; --bad: #cf222e;
  --open: #9a6700; --other: #0969da; font: 13px system-ui, sans-serif }
@media (prefers-color-scheme: dark) { svg { --paper: #0d1117; --ink: #e6edf3; --dim: #9198a1; --grid: #30363d;
  --good: #3fb950; --bad: #f85149; --open: #d29922; --other: #58a6ff } }
text { fill: var(--ink) } .dim { fill: var(--dim); font-size: 12px } .title { font-weight: 600 }
path, line { fill: none; stroke: var(--ink); stroke-width: 2; stroke-linejoin: round }
.grid { stroke: var(--grid); stroke-width: 1 } .dashed { stroke-dasharray: 6 4 } .thin { stroke-width: 1.5 }
.good { stroke: var(--good) } .bad { stroke: var(--bad) } .open { stroke: var(--open) } .other { stroke: var(--other) }
text.good { fill: var(--good); stroke: none } text.bad { fill: var(--bad); stroke: none }
text.open { fill: var(--open); stroke: none } text.other { fill: var(--other); stroke: none }
path.area { stroke: none; fill-opacity: .16 } path.area.good { fill: var(--good) }
path.area.bad { fill: var(--bad) } path.area.open { fill: var(--open) }
"""


@dataclass
class Plot:
    """One plot at a place of a picture, in pixels; what is added is drawn in that order.

    Attributes:
        left, top, width, height: of the plotting area, labels lie outside.
        x, y: lowest and highest value of each axis; beyond them is the edge.
        decades: a logarithmic y axis.
    """

    left: float
    top: float
    width: float
    height: float
    x: Point
    y: Point
    decades: bool = False
    parts: list[str] = field(default_factory=list)

    def at(self, point: Point) -> Point:
        """Pixels of a point, to a tenth."""
        across, up = (
            (min(max(v, low), high), low, high) for v, (low, high) in zip(point, (self.x, self.y), strict=True)
        )
        share = (across[0] - across[1]) / (across[2] - across[1])
        value, low, high = (math.log10(v) for v in up) if self.decades else up
        return (
            round(self.left + share * self.width, 1),
            round(self.top + (1 - (value - low) / (high - low)) * self.height, 1),
        )

    def grid(self, xs: Iterable[tuple[float, str]], ys: Iterable[tuple[float, str]]) -> None:
        """Grid lines with their labels, below and to the left."""
        for value, label in ys:
            _, y = self.at((self.x[0], value))
            self._line((self.left, y), (self.left + self.width, y), "grid")
            self._text((self.left - 8, y + 4), label, "dim", "end")
        for value, label in xs:
            x, _ = self.at((value, self.y[0]))
            self._line((x, self.top + self.height), (x, self.top + self.height + 5), "grid")
            self._text((x, self.top + self.height + 20), label, "dim", "middle")

    def curve(self, points: Sequence[Point], style: str) -> None:
        """A line through points."""
        self.parts.append(f'<path class="{style}" d="{self._path(points)}"/>')

    def area(self, points: Sequence[Point], style: str) -> None:
        """A filled polygon."""
        self.parts.append(f'<path class="area {style}" d="{self._path(points)}Z"/>')

    def level(self, value: float, style: str) -> None:
        """A line across the plot."""
        self.curve([(self.x[0], value), (self.x[1], value)], style)

    def say(self, point: Point, words: str, style: str = "", anchor: str = "start") -> None:
        """Words at a point of the plot."""
        self._text(self.at(point), words, style, anchor)

    def caption(self, title: str, below: str) -> None:
        """The title above the plot, and what the x axis means below it."""
        self._text((self.left, self.top - 12), title, "title", "start")
        self._text((self.left + self.width / 2, self.top + self.height + 40), below, "dim", "middle")

    def _path(self, points: Sequence[Point]) -> str:
        return "M" + "L".join(f"{x:g},{y:g}" for x, y in map(self.at, points))

    def _line(self, begin: Point, end: Point, style: str) -> None:
        self.parts.append(f'<path class="{style}" d="M{begin[0]:g},{begin[1]:g}L{end[0]:g},{end[1]:g}"/>')

    def _text(self, place: Point, words: str, style: str, anchor: str) -> None:
        self.parts.append(
            f'<text x="{place[0]:g}" y="{place[1]:g}" class="{style}" text-anchor="{anchor}">{escape(words)}</text>'
        )


def picture(width: int, height: int, title: str, plots: Iterable[Plot]) -> str:
    """An SVG document; `title` is for those who cannot see it."""
    body = "\n".join(part for plot in plots for part in plot.parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img"><title>{escape(title)}</title>\n<style>{STYLE}</style>\n'
        f'<rect width="{width}" height="{height}" style="fill:var(--paper)"/>\n{body}\n</svg>\n'
    )
