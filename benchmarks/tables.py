"""Markdown tables, the figures in them, and the places in README.md that hold them.

A place is `<!-- table: NAME -->` ... `<!-- end -->`; what lies between is written by `publish` and never by hand.
"""

from __future__ import annotations

import math
import os
import re
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.errors import BadInput

README = Path(__file__).with_name("README.md")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, left: bool = False) -> str:
    """A Markdown table; the first column is text, the others are figures, unless all are text (`left`)."""
    rule = "|".join(["---", *["---" if left else "---:"] * (len(head) - 1)])
    return "\n".join([_line(head), f"|{rule}|", *map(_line, rows)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def upper_bound(hits: int, of: int) -> float:
    """One-sided 95 % Clopper-Pearson bound of a ratio from above; 1 when nothing was seen."""
    if hits >= of:
        return 1.0
    from scipy.stats import beta

    return float(beta.ppf(0.95, hits + 1, of - hits))


def share(hits: int, of: int) -> str:
    """A count with its ratio, where it is not zero, and the bound that the ratio lies below, rounded up."""
    if not of:
        return "-"
    ratio = f" ({100 * hits / of:.1f} %)" if hits else ""
    return f"{hits} of {of}{ratio}, at most {math.ceil(1000 * upper_bound(hits, of)) / 10:.1f} %"


def quartiles(seconds: Sequence[float]) -> str:
    """Lower quartile, median and upper quartile."""
    if not seconds:
        return "-"
    three = statistics.quantiles(seconds, n=4, method="inclusive") if len(seconds) > 1 else [seconds[0]] * 3
    return " / ".join(f"{x:.1f}" for x in three)


def publish(name: str, text: str, write: bool, readme: Path = README) -> None:
    """Print a text, and put it into its place in the README if asked."""
    print(text)
    if write:
        temporary = readme.with_name(f".{readme.name}.{os.getpid()}")
        temporary.write_text(replaced(readme.read_text("utf-8"), name, text), "utf-8")
        temporary.replace(readme)


def replaced(page: str, name: str, text: str) -> str:
    """The page with another text in the place of that name.

    Raises:
        BadInput: the page has not exactly one such place.
    """
    begin, end = f"<!-- table: {name} -->", "<!-- end -->"
    inside = r"(?:(?!<!-- (?:table:|end)).)*"
    found = re.compile(f"(?<={re.escape(begin)}\n){inside}(?={end})", re.DOTALL)
    if page.count(begin) != 1 or not found.search(page):
        raise BadInput(f"the page needs one `{begin}` and an `{end}` after it, a line each, for this table")
    return found.sub(lambda _: text.strip("\n") + "\n", page)
