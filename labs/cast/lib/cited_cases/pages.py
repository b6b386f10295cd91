"""A document on a page of the public season: its text, and each of its claims beside the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING

from casebook.page import Html, heading, table
from casebook.strict import clean

if TYPE_CHECKING:
    from cited import Examined, Value

MOST_SHOWN = 20_000


def text(document: str) -> Html:
    """A document as it was written, escaped; after 20,000 characters it is cut."""
    return Html(f'<pre style="white-space:pre-wrap">{escape(clean(document, MOST_SHOWN))}</pre>')


def claims(found: Examined, asked: Iterable[str], truths: Mapping[str, Value | str]) -> Html:
    """A row for each claim that is asked for or there: what it gives, what is true, its word, and why.

    Args:
        found: of `cited.examine`.
        asked: names in the order to be shown; others follow.
        truths: by name of the claim, as it should be read; what has none is left empty.
    """
    names = dict.fromkeys([*asked, *found.words])
    rows = [
        [name, found.values.get(name, ""), truths.get(name, ""), found.words.get(name, "absent"), found.why.get(name)]
        for name in names
    ]
    shown = ([*row[:4], row[4] or ""] for row in rows)
    return Html(heading("Claims") + table(["claim", "gives", "true", "proof", "why"], shown))
