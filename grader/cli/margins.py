"""How far the bounds of a lab lie from what its controls measure, as a page of Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.verify import Row

ROOM = 2.0
HEAD = """# Margins

Written by `lab verify ID --margins docs/margins.md` and by `benchmarks.matrix`. For each objective: the ratio of bad
events as a multiple of what its target allows, so that 1 is the bound, of the worst of those that must meet it and of
the best of those made to miss it. A figure within a factor of two of the bound is bold. One exam a control that holds;
one that was decided early has seen part of its timeline. Why some lie close is in [close bounds](close-bounds.md).
"""


def page(old: str, rows: Sequence[Row], runtime: str) -> str:
    """The page with a new section for each lab of `rows` on this runtime; sections of others stay as they are."""
    sections = _sections(old)
    for lab in dict.fromkeys(row.lab for row in rows):
        sections[f"{lab}, {runtime}"] = _section([row for row in rows if row.lab == lab])
    return HEAD + "".join(f"\n## {title}\n{sections[title]}" for title in sorted(sections))


def _sections(old: str) -> dict[str, str]:
    parts = [part.partition("\n") for part in old.split("\n## ")[1:]]
    return {title: body.rstrip("\n") + "\n" for title, _, body in parts}


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
