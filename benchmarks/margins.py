"""How far the bounds of a lab lie from what its controls measure, as a page of Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import ledgers
from benchmarks.machine import ROOT
from grader.verify import Row

MARGINS: Path = ROOT / "docs" / "margins.md"
ROOM = 2.0
HEAD = """# Margins

Written by `make readme` from the labs' ledgers. Each figure is a ratio of bad events, as a multiple of what the
objective's target allows: 1 is the bound. On the left is the worst control that must meet the objective, on the right
the best one that was made to miss it. A figure within a factor of two of the bound is bold. There is one exam a
control; an exam that was decided early has seen part of its timeline. [Close bounds](close-bounds.md) says why some lie
close.
"""


def page(rows: Iterable[tuple[str, Row]]) -> str:
    """The page: a section for each lab and runtime.

    Args:
        rows: each with its runtime.
    """
    sections: dict[str, list[Row]] = {}
    for runtime, row in rows:
        sections.setdefault(f"{row.lab}, {runtime}", []).append(row)
    return HEAD + "".join(f"\n## {title}\n{_section(sections[title])}" for title in sorted(sections))


def text() -> str:
    """docs/margins.md as the ledgers have it."""
    return page(ledgers.rows())


def _section(rows: Sequence[Row]) -> str:
    lines = ["| objective | must meet it: highest | made to miss it: lowest |", "|---|---:|---:|"]
    lines += [_line(objective, rows) for objective in dict.fromkeys(name for row in rows for name in row.burn)]
    good = [row.duration_s for row in rows if row.expected == "pass"]
    bad = [row.duration_s for row in rows if row.expected == "fail"]
    return "\n".join(
        [*lines, "", f"Seconds an exam, median: good {_median(good)}, shipped and fakes {_median(bad)}.", ""]
    )


def _line(objective: str, rows: Sequence[Row]) -> str:
    measured = [row for row in rows if objective in row.burn and row.holds]
    meets = [(row.burn[objective], row.control) for row in measured if row.expected == "pass"]
    misses = [(row.burn[objective], row.control) for row in measured if row.objective == objective]
    high = _cell(*max(meets), near=max(meets)[0] > 1 / ROOM) if meets else "-"
    low = _cell(*min(misses), near=min(misses)[0] < ROOM) if misses else "-"
    return f"| {objective} | {high} | {low} |"


def _cell(burn: float, control: str, *, near: bool) -> str:
    figure = f"{burn:.2f}"
    return f"{f'**{figure}**' if near else figure} ({control})"


def _median(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds):.1f}" if seconds else "-"
