"""A small table as a picture, its cells coloured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.svg import LETTER, WIDTH, Tone, cut, document, element, text, wide

MOST_ROWS, MOST_COLUMNS, ROW = 40, 16, 20
BOLD = 1.12
"""So many times as wide the letters of the head are."""


@dataclass(frozen=True)
class Cell:
    """A text, on a colour if there is one; `full` from 0 to 1 is how much of that colour."""

    words: object
    tone: Tone | None = None
    full: float = 1.0


@dataclass(frozen=True)
class Table:
    """Rows under a head; a cell is a `Cell` or anything that is written as text. At most 40 rows of 16 columns are
    shown, and a last line says how many more there are."""

    id: str
    title: str
    head: Sequence[object]
    rows: Sequence[Sequence[object]]

    def svg(self) -> str:
        """The picture, 700 px wide; texts are cut where a column has no room."""
        cells = [[_cell(each) for each in row[:MOST_COLUMNS]] for row in [self.head, *self.rows[:MOST_ROWS]]]
        widths = _widths(cells)
        lines = [_line(row, widths, ROW * at, at == 0) for at, row in enumerate(cells)]
        more = len(self.rows) - MOST_ROWS
        below = [text(4, ROW * len(cells) + 14, f"and {more} more", fill_opacity=0.75)] if more > 0 else []
        return document(self.title, ROW * (len(cells) + bool(below)) + 4, *lines, *below)


def _cell(each: object) -> Cell:
    return each if isinstance(each, Cell) else Cell(each)


def _widths(rows: Sequence[Sequence[Cell]]) -> list[float]:
    """Of columns, px: what their texts need, or less where all together need too much."""
    wanted = [0.0] * max(map(len, rows))
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            wanted[at] = max(wanted[at], wide(cell.words) * (1 if number else BOLD) + 14, 34)
    much = max(sum(wanted) / WIDTH, 1.0)
    return [each / much for each in wanted]


def _line(row: Sequence[Cell], widths: Sequence[float], y: float, first: bool) -> str:
    x, parts = 0.0, []
    for cell, width in zip(row, widths, strict=False):
        if cell.tone is not None:
            parts.append(
                element("rect", x=x + 1, y=y + 1, width=width - 2, height=ROW - 2, rx=3, fill=cell.tone.paint,
                        fill_opacity=round(0.08 + 0.4 * min(max(cell.full, 0.0), 1.0), 2))
            )  # fmt: skip
        letters = max(int((width - 10) / LETTER), 1)
        parts.append(text(x + 6, y + 14, cut(cell.words, letters), font_weight=600 if first else None))
        x += width
    rule = element("path", d=f"M0 {y + ROW:.0f}H{x:.0f}", stroke="currentColor", stroke_opacity=0.35 if first else 0.12)
    return "".join(parts) + rule
