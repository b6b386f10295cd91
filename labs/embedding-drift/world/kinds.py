"""What can happen to a collection, what may be done about it, and what that costs."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from casebook.plan import Case, Plan

DAYS, PAST = 16, 14
"""Of a season; and before it, when all was well."""
NAMED, RESTORED, HELD, ODD = 3, 4, 2, 3
"""A change is reported within so many days, undone after so many; so many days after a repair do not count; so long is
looked at what is odd and harmless."""
PRICES = {"canary": 1, "rollback": 2, "rebuild": 4, "content": 6, "reembed": 12}
FREE = 8
"""What a collection may cost beside the cheapest right repair of each change."""
KINDS = {"moved": "model", "mixed": "mixed", "lost": "index", "topic": "topic"}
"""What a change is called in a report."""
REPAIRS = {"moved": "rollback", "mixed": "reembed", "lost": "rebuild", "topic": "content"}
"""The cheapest right one, as long as a moved name has left all articles behind."""
STAYS = "growth", "upgraded"
"""What is odd for a day and stays as it is then."""


class Change(TypedDict):
    """From a day on: `moved` queries get another model, and a share of the documents is left under the old one (all,
    unless a job was at work that night); `mixed` a share of the documents has another, `lost` a share is no longer
    found, `topic` a share of queries is about what nobody has written."""

    day: int
    kind: str
    share: float
    model: int


def left_all(change: Change) -> bool:
    """Whether no document is by the model that queries now have: only then is pinning the old one right."""
    return change["kind"] != "moved" or change["share"] == 1


def names(change: Change) -> set[str]:
    """What may be reported: a name that moved while a job was at work has mixed the documents too."""
    return {KINDS[change["kind"]]} if left_all(change) else {"model", "mixed"}


def price(change: Change) -> int:
    """Of the cheapest right repair."""
    return PRICES[REPAIRS[change["kind"]] if left_all(change) else "reembed"]


class Harmless(TypedDict):
    """Some days on which something is odd and nothing is wrong: `rounded`, `holiday`, `shorter`, `growth`, and
    `upgraded`, when queries and documents go over to another model together. Where it begins with a change, nobody
    asks about it."""

    day: int
    days: int
    kind: str


class Dealer(Case):
    """A collection: its models, of which the first is in force at first, and what happens. `later`: a day after the
    first change on which it is looked at again."""

    name: str
    models: list[str]
    changes: list[Change]
    harmless: NotRequired[Harmless]
    later: NotRequired[int]


class Season(Plan[Dealer]):
    """A plan: `date` is that of day 0."""

    date: str
