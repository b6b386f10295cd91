"""Draws the nights of an exam: of each lane two big ones, and a small one that is odd."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from common.names import generator, named

if TYPE_CHECKING:
    from casebook.plan import Plan
    from nights import Night

Asked = Mapping[str, dict[str, int]]
LANES = 4
KINDS = "big", "big", "small"
ROWS = {"big": (1800, 2000), "small": (140, 260)}
TEXTS = "months", "mileage", "claims"
ASKED = {
    "big": {"in-time": 6, "right": 40, "once": 25, "gentle": 10, "bounded": 11},
    "small": {"odd-rows": 40, "once": 25, "gentle": 10},
}
IN_PRACTICE = {
    "big": {"in-time": 6, "right": 18, "once": 9, "gentle": 10, "bounded": 7},
    "small": {"odd-rows": 10, "once": 9, "gentle": 10},
}
"""Practice asks five questions a second, and a lap begins when those of the one before were asked: so they are few."""


def draw(seed: int, kinds: tuple[str, ...] = KINDS, asked: Asked = ASKED) -> Plan[Night]:
    """A plan: nights in the order in which lanes take them. Each column is text in a third, of big ones as well."""
    rng = generator(seed, "nights")
    all_ = [kind for kind in kinds for _ in range(LANES)]
    columns = rng.sample(TEXTS, len(TEXTS)) * len(all_)
    big = all_.count("big")
    texts = [text for part in (columns[:big], columns[big : len(all_)]) for text in rng.sample(part, len(part))]
    cases: list[Night] = [
        {
            "id": named(seed, "night", at),
            "kind": kind,
            "rows": rng.randint(*ROWS[kind]),
            "text": texts[at],
            "asked": asked[kind],
        }
        for at, kind in enumerate(all_)
    ]
    return {"seed": seed, "cases": cases}


def public() -> Plan[Night]:
    """The plan that the lab carries; `lab plan slow-pipeline --public` writes it."""
    return draw(1, kinds=("big", "small"), asked=IN_PRACTICE)
