"""Words for a brief: each promise by the figures that stand in it, and what is true of the month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cited import Examined, Value, agrees, examine
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

if TYPE_CHECKING:
    from months import Made

MONEY, LEFT, EXACT, WORTH = 0.1, 0.1, 0.03, 0.1
"""Shares of the truth that figures may be off."""

DOUBTS, WIDEST = 3, 7
"""Doubts of the month (`doubts.doubt`) that the loss may be off where that is more, and that the range may be wide."""

WORDS, FIGURES, ROWS, FIRST = 400, 10, 12, 80
"""Most words, claims and lines of tables of a brief, and where the ask has to stand."""

ASKED = "lost", "worst", "low", "high", "left", "hours", "slower", "ask", "worth", "payback"
RIGHT = "right"
Word = tuple[str, str]
"""A word, and a sentence about it."""


def read(document: str, made: Made) -> Examined:
    """What `cited` says of a brief. It takes a third of a second."""
    return examine(
        document,
        made.tables,
        made.twin,
        ASKED,
        words={"none"},
        free={"low", "high"},
        loose={"lost": 0.05, "left": 0.05},
    )


def said(found: Examined, name: str) -> Value | None:
    """What a brief says: nothing, unless it stands in the text as in the footnote."""
    shown = found.words.get(name, "absent") not in ("absent", "unshown", "misquoted")
    return found.values.get(name) if shown else None


def near(made: Made) -> float:
    """How far the loss may be off, as a share of it."""
    return max(MONEY, DOUBTS * made.trade.doubt / made.trade.lost)


def rows(document: str) -> int:
    """Lines of tables: all with a bar that are neither indented, as what is in a footnote, nor a footnote's first."""
    lines = [line for line in document.splitlines() if "|" in line and not line.startswith(("    ", "\t", "[^"))]
    return sum(not set(line) <= set("|-: ") for line in lines)


def blocks(document: str) -> int:
    """Words in headings, tables, and blocks of code and of HTML, but for those of footnotes. `cited` leaves them out of
    the body's."""
    reader = MarkdownIt("commonmark").enable("table").use(footnote_plugin)
    noted = aside = words = 0
    for token in reader.disable(["footnote_tail", "footnote_inline"]).parse(document):
        noted += token.nesting if token.type.startswith("footnote_reference_") else 0
        aside += token.nesting if token.type.startswith(("heading_", "table_")) else 0
        if not noted and (token.type in ("fence", "code_block", "html_block") or (aside and token.type == "inline")):
            words += len(token.content.split())
    return words


def judged(found: Examined, made: Made, rows: int = 0, blocks: int = 0) -> Iterator[tuple[str, Word]]:
    """A word for each promise, in the order of the plan's questions. `rows`: of the document's tables; `blocks`: words
    in its blocks."""
    truths = made.truths
    yield "money", _all(found, made, {"lost": near(made), "worst": 0})
    yield "trust", _all(found, made, {"left": LEFT})
    yield "velocity", _all(found, made, {"hours": EXACT, "slower": EXACT})
    yield "range", ranged(found, made)
    yield "asked", _all(found, made, {"ask": 0, **({"worth": WORTH, "payback": WORTH} if "worth" in truths else {})})
    yield "page", _page(found, rows, found.length + blocks)
    for name in made.proven:
        word = found.words.get(name, "absent")
        yield "evidence", (word, f"{name}: {found.why.get(name) or word}")


def _all(found: Examined, made: Made, wanted: dict[str, float]) -> Word:
    """Whether all of these figures are said, and true."""
    for name, within in wanted.items():
        value = said(found, name)
        if value is None:
            return "unsaid", f"{name} does not stand in the text"
        if not agrees(value, made.truths[name], within):
            return "wrong", f"{name} is {_short(value)}; true is {_short(made.truths[name])}"
    return RIGHT, ", ".join(f"{name} {_short(made.truths[name])}" for name in wanted)


def ranged(found: Examined, made: Made) -> Word:
    """Whether the range holds the loss, and is not too wide for the month's doubt."""
    low, high, truth = said(found, "low"), said(found, "high"), made.trade.lost
    if not (isinstance(low, float) and isinstance(high, float)):
        return "unsaid", "low and high do not stand in the text"
    doubt = made.trade.doubt
    note = f"{low:,.0f} to {high:,.0f}, {(high - low) / doubt:.1f} doubts of {doubt:,.0f} wide; true is {truth:,.0f}"
    if not low <= truth <= high:
        return "missed", note
    return ("wide" if high - low > WIDEST * doubt else RIGHT), note


def _page(found: Examined, rows: int, length: int) -> Word:
    asks = [place for name, place in found.shown if name == "ask"]
    figures = len({name for name, _ in found.shown})
    note = f"{length} words, {figures} claims, {rows} lines of tables"
    note += f", the ask after {', '.join(map(str, asks)) or 'no'} words"
    fits = length <= WORDS and figures <= FIGURES and rows <= ROWS
    return (RIGHT if fits and len(asks) == 1 and asks[0] <= FIRST else "unread"), note


def _short(value: Value) -> str:
    return f"{value:,.4g}" if isinstance(value, float) and abs(value) < 1000 else (
        f"{value:,.0f}" if isinstance(value, float) else str(value)
    )  # fmt: skip
