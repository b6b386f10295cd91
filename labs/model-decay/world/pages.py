"""What people look at: a table of all depots, and a chart of one."""

from __future__ import annotations

import pictures
from casebook.page import Html, heading, link, picture, table
from depots import DepotCase
from record import FIT, Record


def page_of(cases: dict[str, DepotCase], records: dict[str, Record], what: str) -> Html:
    """The page of a depot, or of all; empty if there is none of that name."""
    if what:
        return one(cases[what], records[what]) if what in cases else Html()
    head = [
        "depot",
        "season",
        "what happens, since day",
        "models",
        "told",
        "true",
        "live model",
        "best possible",
        "fit",
    ]
    return table(head, [line(cases[name], record) for name, record in records.items()])


def line(case: DepotCase, record: Record) -> list[object]:
    """A depot in the table of all."""
    begin = [link(f"/pages/{case['id']}", case["depot"]), case["season"], happens(case), record.models]
    if not record.entries:
        return begin
    now = record.entries[-1]
    fit = "yes" if now.live >= now.best - FIT else "no"
    return [*begin, *map(percent, (now.told, now.true, now.live, now.best)), fit]


def one(case: DepotCase, record: Record) -> Html:
    """A depot's season as a chart and as numbers."""
    rows = [
        [day, *map(percent, (each.told, each.true, each.live, each.best)), "new model" * each.deployed]
        for day, each in enumerate(record.entries)
        if day % 7 == 0 or each.deployed
    ]
    numbers = table(["day", "told", "true", "live model", "best possible", ""], rows)
    return Html(heading(happens(case) or "nothing happens here") + picture(pictures.one(case, record)) + numbers)


def happens(case: DepotCase) -> str:
    """The answer sheet of a depot in words."""
    return ", ".join(f"{kind} {day}" for kind, day in sorted(case["happenings"].items(), key=lambda item: item[1]))


def percent(share: float | None) -> str:
    """An accuracy as people read it."""
    return "" if share is None else f"{100 * share:.0f} %"
