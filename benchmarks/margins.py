"""How far the bounds of labs lie from what their controls measure: a page of what is near, and a CSV of all."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from benchmarks import ledgers
from benchmarks.machine import ROOT
from grader.authoring.proving.matrix import Row

MARGINS: Path = ROOT / "docs" / "margins.md"
ALL: Path = ROOT / "docs" / "margins.csv"
ROOM = 2.0
HEAD = """# Margins

Written by `make readme` from the labs' ledgers: the objectives for which a control measures within a factor of two
of the bound. [margins.csv](margins.csv) has all others too. Each figure is a ratio of bad events, as a multiple of
what the objective's target allows: 1 is the bound. On the left is the worst control that must meet the objective,
on the right the best one that was made to miss it. A figure that is near is bold. There is one exam a control; an
exam that was decided early has seen part of its timeline. [Close bounds](close-bounds.md) says why some lie close.

| lab | runtime | objective | must meet it: highest | made to miss it: lowest |
|---|---|---|---:|---:|
"""
COLUMNS = ("lab", "runtime", "objective", "highest_good", "good_control", "lowest_bad", "bad_control")


@dataclass(frozen=True)
class Margin:
    """One objective on one runtime; `good` and `bad` are burns with the names of their controls, None without any."""

    lab: str
    runtime: str
    objective: str
    good: tuple[float, str] | None
    bad: tuple[float, str] | None

    @property
    def near(self) -> tuple[bool, bool]:
        """Which of the two are within a factor of two of the bound."""
        return self.good is not None and self.good[0] > 1 / ROOM, self.bad is not None and self.bad[0] < ROOM


def margins(rows: Iterable[tuple[str, Row]]) -> list[Margin]:
    """All of them, by lab and runtime.

    Args:
        rows: each with its runtime.
    """
    sections: dict[tuple[str, str], list[Row]] = {}
    for runtime, row in rows:
        sections.setdefault((row.lab, runtime), []).append(row)
    return [margin for place in sorted(sections) for margin in _of_a_place(*place, sections[place])]


def page(found: Sequence[Margin]) -> str:
    """docs/margins.md: a line for each objective that is near its bound."""
    return HEAD + "".join(f"{_line(margin)}\n" for margin in found if any(margin.near))


def sheet(found: Sequence[Margin]) -> str:
    """docs/margins.csv: a line for each objective."""
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    for margin in found:
        figures = [
            cell for pair in (margin.good, margin.bad) for cell in ((f"{pair[0]:.2f}", pair[1]) if pair else ("", ""))
        ]
        lines.writerow([margin.lab, margin.runtime, margin.objective, *figures])
    return text.getvalue()


def write() -> None:
    """Write both as the ledgers have it."""
    found = margins(ledgers.rows())
    MARGINS.write_text(page(found), "utf-8")
    ALL.write_text(sheet(found), "utf-8")


def _of_a_place(lab: str, runtime: str, rows: Sequence[Row]) -> Iterator[Margin]:
    for objective in dict.fromkeys(name for row in rows for name in row.burn):
        measured = [row for row in rows if objective in row.burn and row.holds]
        meets = [(row.burn[objective], row.control) for row in measured if row.expected == "pass"]
        misses = [(row.burn[objective], row.control) for row in measured if row.objective == objective]
        yield Margin(lab, runtime, objective, max(meets, default=None), min(misses, default=None))


def _line(margin: Margin) -> str:
    cells = (_cell(pair, near) for pair, near in zip((margin.good, margin.bad), margin.near, strict=True))
    return f"| `{margin.lab}` | {margin.runtime} | {margin.objective} | {' | '.join(cells)} |"


def _cell(pair: tuple[float, str] | None, near: bool) -> str:
    if pair is None:
        return "-"
    figure = f"{pair[0]:.2f}"
    return f"{f'**{figure}**' if near else figure} ({pair[1]})"
