"""What people look at: a line for each public trial; of one its tables, its pictures, its claims, and the record. Which
claims are wrong is said, and never what is right."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping

import judge
import views
from casebook.page import Html, heading, link, picture, table
from cited_cases.pages import claims, text
from seen import Seen

ASPECTS = "reproduced", "figures", "health", "choice"
HEAD = "trial", "the record takes", "alarms", "figures", "health", "choice", "streams heard"


def page_of(seen: Mapping[str, Seen], what: str) -> Html:
    """All trials, or one; empty if there is none of that name."""
    if what:
        return trial(seen[what]) if what in seen else Html()
    rows = [row(id, one) for id, one in sorted(seen.items(), key=lambda each: each[1].number)]
    return Html(heading("Trials") + table(HEAD, rows))


def row(id: str, one: Seen) -> list[object]:
    """A trial in short."""
    words = {aspect: said[0] for aspect, said in one.words}
    told = judge.said(one.found, "choice") if one.found else one.why
    heard = len({stream for _, stream, _ in one.handed})
    return [link(f"/pages/{id}", one.name), told or "nothing", *(words.get(aspect, "") for aspect in ASPECTS), heard]


def trial(one: Seen) -> Html:
    """One trial."""
    tables = one.made.tables
    tools = zip(*(tables["tools"][name] for name in ("tool", "make", "settings", "licence")), strict=True)
    needs = [[name, _text(values[0])] for name, values in tables["needs"].items()]
    needs.append(["licences", ", ".join(tables["licences"]["licence"])])
    told = [[aspect, word, note] for aspect, (word, note) in one.words]
    so = {name: "yes" if right else "no" for name, right in one.right.items()}
    return Html(
        heading(one.name)
        + table(["tool", "make", "settings", "licence"], tools)
        + table(["need", "value"], needs)
        + table(["about", "word", "why"], told)
        + picture(views.streams(one))
        + table(["stream", "kind", "changes_at", "length", "readings", *one.made.tools], streams(one))
        + picture(views.commits(one))
        + table(["tool", "author", "email", "commits", "first", "last"], authors(one))
        + picture(views.issues(one))
        + (claims(one.found, judge.names(one.made.tools), so) if one.found else Html())
        + heading("The record")
        + text(one.document or f"No document: {one.why}")
    )


def streams(one: Seen) -> list[list[object]]:
    """Each stream: its row of the table, how many readings came, and alarms handed in for each tool."""
    came = Counter(one.made.tables["readings"]["stream"].tolist())
    heard = Counter((tool, stream) for tool, stream, _ in one.handed)
    return [
        [
            stream,
            kind,
            "" if at is None else at,
            length,
            came[stream],
            *(heard[tool, stream] for tool in one.made.tools),
        ]
        for stream, kind, at, length in zip(*one.made.tables["streams"].values(), strict=True)
    ]


def authors(one: Seen) -> list[list[object]]:
    """Each name of each project: its address, how many commits, and when the first and the last."""
    table_ = one.made.tables["commits"]
    found: dict[tuple[str, str, str], list[datetime.datetime]] = {}
    for *who, when in zip(*(table_[name] for name in ("tool", "email", "author", "committed")), strict=True):
        found.setdefault((who[0], who[1], who[2]), []).append(when)
    return [
        [tool, author, email, len(days), min(days).date(), max(days).date()]
        for (tool, email, author), days in sorted(found.items())
    ]


def _text(value: object) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value).lower()
