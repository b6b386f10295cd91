"""What people look at: a line for each public trial; of one its tools, its claims, and the record."""

from __future__ import annotations

from collections.abc import Mapping

import judge
from casebook.page import Html, heading, link, table
from cited_cases.pages import claims, text
from figures import RUNG_KINDS
from seen import Seen

HEAD = "trial", "it is", "the record says", "alarms", "figures", "health", "streams heard"


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
    where = link(f"/pages/{id}", one.name)
    about = [words.get(aspect, "") for aspect in ("reproduced", "figures", "health")]
    return [where, one.made.choice, told or "nothing", *about, heard]


def trial(one: Seen) -> Html:
    """One trial."""
    truths = {name: _text(value) for name, value in one.made.figures.items()} | {"choice": one.made.choice}
    tools = zip(*(one.made.tables["tools"][name] for name in ("tool", "make", "settings", "licence")), strict=True)
    rows = [
        [*tool, ", ".join(kind for kind in RUNG_KINDS if one.made.figures[f"rings-{tool[0]}-{kind}"]),
         ", ".join(one.faults[tool[0]]) or "fits"]
        for tool in tools
    ]  # fmt: skip
    needs = [[name, _text(values[0])] for name, values in one.made.tables["needs"].items()]
    needs.append(["licences", ", ".join(one.made.tables["licences"]["licence"])])
    told = [[aspect, word, note] for aspect, (word, note) in one.words]
    return Html(
        heading(f"{one.name}: {one.made.choice}")
        + table(["tool", "make", "settings", "licence", "rings on", "does not meet"], rows)
        + table(["need", "value"], needs)
        + table(["about", "word", "why"], told)
        + (claims(one.found, judge.names(one.made.tools), truths) if one.found else Html())
        + heading("The record")
        + text(one.document or f"No document: {one.why}")
    )


def _text(value: object) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value).lower()
