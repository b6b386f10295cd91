"""Charts: one panel or more, one above the other or side by side, with a legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.axes import Axis, Scale
from charts.layers import Layer, Swatch
from charts.svg import LETTER, SMALL, WIDTH, cut, document, element, text, wide

TOP, BOTTOM, RIGHT, ROW = 8, 34, 14, 18
LOWER = 12
"""How much lower every second name below a panel stands where they have no room in one line, px."""

GAP = 14
"""Between panels that stand side by side, px."""

A_NAME, MOST_NAME, MOST_PANELS = 22, 26, 24
"""The height of a named row in px; how many letters of its name are shown."""


@dataclass(frozen=True)
class Panel:
    """Layers over one pair of axes. `name` stands above it; `height` is in px, without it 150, or 22 a named row."""

    layers: Sequence[Layer]
    x: Axis = Axis()
    y: Axis = Axis()
    name: str = ""
    height: int = 0

    @property
    def tall(self) -> int:
        """The height of what lies between its axes, px."""
        return self.height or (A_NAME * min(len(self.y.names), 60) if self.y.names else 150)

    @property
    def heading(self) -> str:
        """What stands above it: its name, and what the y axis measures."""
        return ": ".join(filter(None, (self.name, self.y.label)))

    @property
    def left(self) -> float:
        """How much room the y axis needs, px."""
        return 12 + max((wide(cut(name, MOST_NAME)) for name in self.y.names), default=30.0)

    def lower(self, width: float) -> int:
        """How much lower every second name below it stands if it is `width` px wide: 0 where one line has room."""
        across = self._across(0.0, width)
        names = [cut(name, MOST_NAME) for _, name in across.ticks] if across.names else []
        return LOWER if names and max(map(wide, names)) > width / len(names) else 0

    def _across(self, x: float, width: float) -> Scale:
        return Scale(self.x, (v for layer in self.layers for v in layer.xs), x, x + width, max(int(width) // 60, 3))

    def drawn(self, x: float, y: float, width: float) -> str:
        """Its SVG; `x` and `y` are where the area between the axes begins, `width` is that area's, px."""
        across = self._across(x, width)
        if self.y.names:  # the first on top
            up = Scale(self.y, (), y, y + self.tall, len(self.y.names))
        else:
            values = (v for layer in self.layers for v in layer.ys)
            up = Scale(self.y, values, y + self.tall, y, max(self.tall // 32, 2), rounds=True)
        inside = "".join(layer.drawn(across, up) for layer in self.layers)
        return self._grid(across, up, x, y, width) + inside

    def _grid(self, across: Scale, up: Scale, x: float, y: float, width: float) -> str:
        floor, lower = y + self.tall, self.lower(width)
        most = min(MOST_NAME, int(2 * width / len(across.ticks) / LETTER)) if lower else MOST_NAME
        parts = [text(x, y - 6, self.heading, font_weight=600)] if self.heading else []
        for at, name in up.ticks:
            py = up.at(at)
            parts.append(
                element("path", d=f"M{x:.1f} {py:.1f}h{width:.1f}", stroke="currentColor", stroke_opacity=0.13)
            )
            parts.append(text(x - 6, py + 4, cut(name, MOST_NAME), "end"))
        for tick, (at, name) in enumerate(across.ticks):
            px = across.at(at)
            parts.append(element("path", d=f"M{px:.1f} {floor:.1f}v4", stroke="currentColor", stroke_opacity=0.5))
            parts.append(text(px, floor + 15 + tick % 2 * lower, cut(name, most), "middle"))
        parts.append(element("path", d=f"M{x:.1f} {floor:.1f}h{width:.1f}", stroke="currentColor", stroke_opacity=0.5))
        if self.x.label:
            parts.append(text(x + width / 2, floor + 29 + lower, self.x.label, "middle", fill_opacity=0.75))
        return "".join(parts)


@dataclass(frozen=True)
class Chart:
    """A picture. `title` is one sentence that says what to see; pages write it above the picture.

    So many panels as `columns` says stand side by side, 24 in all. What a y axis measures is written above its panel.
    """

    id: str
    title: str
    panels: Sequence[Panel]
    columns: int = 1

    def svg(self) -> str:
        """The picture, 700 px wide."""
        panels = list(self.panels)[:MOST_PANELS]
        legend, at = _legend(panels)
        each = (WIDTH - GAP * (self.columns - 1)) / self.columns
        rooms = [
            max((panel.left for panel in panels[column :: self.columns]), default=0.0) for column in range(self.columns)
        ]
        parts = [legend]
        for begin in range(0, len(panels), self.columns):
            row = panels[begin : begin + self.columns]
            at += TOP + (ROW if any(panel.heading for panel in row) else 0)
            widths = [each - room - RIGHT for room in rooms]
            for column, (panel, room) in enumerate(zip(row, rooms, strict=False)):
                parts.append(panel.drawn(column * (each + GAP) + room, at, widths[column]))
            at += max(panel.tall + panel.lower(width) for panel, width in zip(row, widths, strict=False))
            at += BOTTOM if any(panel.x.label for panel in row) else BOTTOM - 14
        return document(self.title, at, *parts)


def _legend(panels: Sequence[Panel]) -> tuple[str, float]:
    """The legend of all panels, each entry once, and where it ends (px)."""
    entries = list(dict.fromkeys(entry for panel in panels for layer in panel.layers for entry in layer.legend))
    parts, x, y = [], 0.0, 0.0
    for entry in entries:
        needs = 22 + wide(entry.name) + 14
        if x and x + needs > WIDTH:
            x, y = 0.0, y + ROW
        parts.append(_swatch(entry, x, y + 6) + text(x + 22, y + 10, entry.name))
        x += needs
    return "".join(parts), y + ROW if entries else 0.0


def _swatch(entry: Swatch, x: float, y: float) -> str:
    paint = entry.tone.paint
    if entry.form in ("line", "dashed"):
        dashes = "5 3" if entry.form == "dashed" else None
        return element("path", d=f"M{x:.1f} {y:.1f}h16", stroke=paint, stroke_width=2, stroke_dasharray=dashes)
    if entry.form in ("area", "solid"):
        opacity = 0.9 if entry.form == "solid" else 0.35
        return element("rect", x=x, y=y - 5, width=16, height=SMALL - 1, fill=paint, fill_opacity=opacity)
    look = {"fill": "none", "stroke": paint, "stroke_width": 1.6} if entry.form == "ring" else {"fill": paint}
    return element("circle", cx=x + 8, cy=y, r=4, **look)
