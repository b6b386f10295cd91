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
"""What a collection may cost beside the dearest right repair of each change."""
KINDS = {"moved": "model", "mixed": "mixed", "lost": "index", "topic": "topic"}
"""What a change is called in a report."""
REPAIRS = {"moved": "reembed", "mixed": "reembed", "lost": "rebuild", "topic": "content"}
"""The dearest right one."""


class Change(TypedDict):
    """From a day on: `moved` queries get another model, `mixed` a share of the documents has one, `lost` a share is no
    longer found, `topic` a share of queries is about what nobody has written."""

    day: int
    kind: str
    share: float
    model: int


class Harmless(TypedDict):
    """Some days on which something is odd and nothing is wrong: `rounded`, `holiday`, `shorter`, `growth`."""

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
