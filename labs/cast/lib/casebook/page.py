"""The page of a public season. Every text in it is escaped, unless it was made here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from casebook.book import Outcome
from casebook.strict import clean

POLICY = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}
MAX_CELL = 400
_STYLE = (
    "body{font:14px/1.4 sans-serif;margin:2em;max-width:70em}table{border-collapse:collapse;margin:1em 0}"
    "td,th{text-align:left;padding:.15em .8em .15em 0;border-bottom:1px solid #ddd;vertical-align:top}"
)


class Html(str):
    """A text that is HTML already."""


def table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> Html:
    """A table; cells that are not `Html` are escaped, and cut at 400 characters."""
    return Html(f"<table>{_row('th', head)}{''.join(_row('td', row) for row in rows)}</table>")


def link(path: str, text: object) -> Html:
    """A link to another page of ours."""
    return Html(f'<a href="{escape(path)}">{text_of(text)}</a>')


def heading(text: object) -> Html:
    """A heading."""
    return Html(f"<h2>{text_of(text)}</h2>")


def text_of(value: object) -> Html:
    """A value as it may stand in a page."""
    return value if isinstance(value, Html) else Html(escape(clean(value, MAX_CELL)))


def document(title: str, *parts: Html, again_s: int = 0) -> str:
    """A whole page; with `again_s` it is loaded again after so many seconds."""
    again = f'<meta http-equiv="refresh" content="{again_s}">' if again_s else ""
    head = f"<!doctype html><meta charset=utf-8>{again}<title>{text_of(title)}</title><style>{_STYLE}</style>"
    return f"{head}<h1>{text_of(title)}</h1>{''.join(parts)}"


def tally(outcomes: Iterable[Outcome]) -> Html:
    """How often each word was told, by aspect."""
    words: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        words.setdefault(outcome.question.aspect, Counter())[outcome.word or "(open)"] += 1
    columns = sorted({word for counts in words.values() for word in counts})
    return table(
        ["", *columns], [[aspect, *(counts[word] or "" for word in columns)] for aspect, counts in words.items()]
    )


def outcomes_of(outcomes: Iterable[Outcome]) -> Html:
    """All that was told, with notes."""
    rows: list[list[Any]] = [
        [outcome.question.case, outcome.question.aspect, outcome.word, outcome.note]
        for outcome in outcomes
        if outcome.word
    ]
    return table(["case", "about", "answer", "why"], rows)


def _row(tag: str, cells: Sequence[object]) -> str:
    return "<tr>" + "".join(f"<{tag}>{text_of(cell)}</{tag}>" for cell in cells) + "</tr>"
