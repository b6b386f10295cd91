"""Draws the months of an exam. All else of each, the world draws from its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.names import generator, named

if TYPE_CHECKING:
    from casebook.plan import Plan
    from months import Month

ASKED = {"money": 1, "trust": 1, "velocity": 1, "range": 1, "asked": 1, "page": 1, "evidence": 3}
OFFERS = "pays", "dear", "none"
CALMEST, WILDEST = 0.0115, 0.14
"""Doubt of a month, as a share of its loss. Between them no two ranges of a fixed width do for all months."""


def draw(seed: int, months: int = 40) -> Plan[Month]:
    """A plan: months from calm to restless, each of another doubt, and of a third each what there is to ask for."""
    rng = generator(seed, "kinds")
    kinds = [(CALMEST * (WILDEST / CALMEST) ** ((at + rng.random()) / months), OFFERS[at % 3]) for at in range(months)]
    rng.shuffle(kinds)
    cases: list[Month] = [
        {"id": named(seed, at), "asked": dict(ASKED), "restless": round(restless, 4), "offer": offer}
        for at, (restless, offer) in enumerate(kinds)
    ]
    return {"seed": seed, "cases": cases}


def public() -> Plan[Month]:
    """The plan that the lab carries; `lab plan executive-brief --public` writes it."""
    return draw(8, months=12)
