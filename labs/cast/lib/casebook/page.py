"""The page of a public season. Every text in it is escaped, unless it was made here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Protocol

from casebook.book import Outcome
from casebook.strict import clean

POLICY = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}
MAX_CELL = 400
MOST_ROWS = 400
"""Of one list of what was told."""

RIGHT, VOID = "right", "void"
_STYLE = Path(__file__).with_name("page.css").read_text("utf-8")


class Html(str):
    """A text that is HTML already."""


class Picture(Protocol):
    """A chart or a table of `charts`."""

    @property
    def id(self) -> str:
        """Its name on a live page."""

    @property
    def title(self) -> str:
        """What it shows, in a sentence."""

    def svg(self) -> str:
        """The drawing."""


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


def picture(chart: Picture) -> Html:
    """A chart or a table of `charts`, under its title."""
    return figure(chart.title, chart.svg())


def figure(title: str, svg: str) -> Html:
    """SVG that `charts` drew, under its title."""
    return Html(f"<figure><figcaption>{text_of(title)}</figcaption>{svg}</figure>")


def document(title: str, *parts: Html, again_s: int = 0) -> str:
    """A whole page; with `again_s` it is loaded again after so many seconds."""
    again = f'<meta http-equiv="refresh" content="{again_s}">' if again_s else ""
    head = f"<!doctype html><meta charset=utf-8>{again}<title>{text_of(title)}</title><style>{_STYLE}</style>"
    return f"{head}<h1>{text_of(title)}</h1>{''.join(parts)}"


def tally(outcomes: Iterable[Outcome]) -> Html:
    """What was told, by aspect: how much of it is right, and how often each other word was told."""
    words: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        words.setdefault(outcome.question.aspect, Counter())[outcome.word] += 1
    return table(["", "right", "other words", "not told yet"], [_counted(*each) for each in words.items()])


def _counted(aspect: str, counts: Counter[str]) -> list[object]:
    judged = sum(many for word, many in counts.items() if word and word != VOID)
    others = [(word, many) for word, many in counts.most_common() if word not in ("", RIGHT)]
    told = [f"{_marked(word)} {many}" for word, many in others]
    return [aspect, f"{counts[RIGHT]} of {judged}", Html(", ".join(told)), counts[""] or ""]


def outcomes_of(outcomes: Iterable[Outcome]) -> Html:
    """All that was told, with notes: first what is not right, each part the newest first."""
    newest = [outcome for outcome in outcomes if outcome.word][::-1]
    wrong = [outcome for outcome in newest if outcome.word not in (RIGHT, VOID)]
    return Html(
        _told("Not right", wrong) + _told("Right, or void", [one for one in newest if one.word in (RIGHT, VOID)])
    )


def _told(title: str, outcomes: Sequence[Outcome]) -> Html:
    rows = [
        [outcome.question.case, outcome.question.aspect, _marked(outcome.word), outcome.note]
        for outcome in outcomes[:MOST_ROWS]
    ]
    more = len(outcomes) - MOST_ROWS
    below = f"<p>and {more} more</p>" if more > 0 else ""
    return Html(
        heading(f"{title}: {len(outcomes)}") + (table(["case", "about", "answer", "why"], rows) if rows else "") + below
    )


def _marked(word: str) -> Html:
    """A word, in the colour of what it says."""
    kind = "good" if word == RIGHT else "bad"
    return Html(f"<i>{text_of(word)}</i>") if word == VOID else Html(f'<b class="{kind}">{text_of(word)}</b>')


def _row(tag: str, cells: Sequence[object]) -> str:
    return "<tr>" + "".join(f"<{tag}>{text_of(cell)}</{tag}>" for cell in cells) + "</tr>"
