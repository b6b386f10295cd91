"""What people look at: the public cells with what is wrong, and for each the tests that the doctor did."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casebook.page import Html, heading, link, table, text_of
from cell import Cell
from verdict import DOMAINS, domains_of, in_words

if TYPE_CHECKING:
    from casebook.client import Reply

SHOWN, REASONS = 300, 20


@dataclass(frozen=True)
class Seen:
    """What is left of an incident: texts of a bounded size, and for pictures who is at fault, who was called (None: no
    answer of that form), and what it cost."""

    wrong: str
    said: str
    because: list[str]
    counts: list[object]
    tests: list[list[str]]
    true: set[str]
    domains: set[str] | None
    clock_s: float
    live_rows: int
    hurt: bool


def seen(kinds: Collection[str], cell: Cell, reply: Reply) -> Seen:
    """An incident that is over."""
    found = reply.json if isinstance(reply.json, dict) else {}
    because = found.get("because")
    said = short(found["domains"]) if "domains" in found else reply.error or f"status {reply.status}"
    return Seen(
        wrong=in_words(kinds),
        said=said,
        because=[short(text) for text in because[:REASONS]] if isinstance(because, list) else [],
        counts=[f"{cell.clock_s:.0f}", cell.tests, cell.live_rows, ", ".join(cell.hurt[:REASONS])],
        true=domains_of(kinds),
        domains=None if reply.bad({"domains": [set(DOMAINS)]}) else set(found["domains"]),
        clock_s=cell.clock_s,
        live_rows=cell.live_rows,
        hurt=bool(cell.hurt),
        tests=[[name, f"{took_s:.1f}", short(came)] for name, took_s, came in cell.first_tests],
    )


def page_of(incidents: Mapping[str, Seen], what: str) -> Html:
    """The page of a cell, or of all that were diagnosed; empty if there is none of that name."""
    if what:
        return one(incidents[what]) if what in incidents else Html("")
    head = ["cell", "what is wrong", "the doctor said", "seconds", "tests", "live rows", "hurt"]
    rows = [
        [link(f"/pages/{name}", name), each.wrong, each.said, *each.counts] for name, each in sorted(incidents.items())
    ]
    return table(head, rows)


def one(incident: Seen) -> Html:
    """A cell: what was said, on what grounds, and what each test of it said."""
    words = text_of(f"Wrong is {incident.wrong}. The doctor said {incident.said}.")
    reasons = table(["because"], [[text] for text in incident.because])
    return Html(words + reasons + heading("Tests") + table(["test", "seconds", "what came out"], incident.tests))


def short(value: object) -> str:
    """A value as JSON, or its beginning."""
    return json.dumps(value)[:SHOWN]
