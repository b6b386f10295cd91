"""Draws the nights of an exam: of each lane two big ones, and a small one that is odd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.names import generator, named

if TYPE_CHECKING:
    from casebook.plan import Plan
    from nights import Night

LANES = 4
KINDS = "big", "big", "small"
ROWS = {"big": (1800, 2000), "small": (140, 260)}
TEXTS = "months", "mileage", "claims"
ASKED = {
    "big": {"in-time": 6, "right": 40, "once": 25, "gentle": 10, "bounded": 11},
    "small": {"odd-rows": 40, "once": 25, "gentle": 10},
}


def draw(seed: int, kinds: tuple[str, ...] = KINDS) -> Plan[Night]:
    """A plan: nights in the order in which lanes take them. Each column is text in a third of them."""
    rng = generator(seed, "nights")
    all_ = [kind for kind in kinds for _ in range(LANES)]
    texts = (list(TEXTS) * len(all_))[: len(all_)]
    rng.shuffle(texts)
    cases: list[Night] = [
        {
            "id": named(seed, "night", at),
            "kind": kind,
            "rows": rng.randint(*ROWS[kind]),
            "text": texts[at],
            "asked": ASKED[kind],
        }
        for at, kind in enumerate(all_)
    ]
    return {"seed": seed, "cases": cases}


def public() -> Plan[Night]:
    """The plan that the lab carries; `lab plan slow-pipeline --public` writes it."""
    return draw(1, kinds=("big", "small"))
