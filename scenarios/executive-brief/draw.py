"""Draws the months of an exam. All else of each, the world draws from its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.names import generator, named

if TYPE_CHECKING:
    from casebook.plan import Plan
    from months import Month

ASKED = {"money": 1, "trust": 1, "velocity": 1, "range": 1, "asked": 1, "page": 1, "evidence": 3}
OFFERS = "pays", "dear", "none"


def draw(seed: int, months: int = 40) -> Plan[Month]:
    """A plan: half of the months are calm, and of a third each what there is to ask for."""
    kinds = [(at % 2 == 0, OFFERS[at // 2 % 3]) for at in range(months)]
    generator(seed, "kinds").shuffle(kinds)
    cases: list[Month] = [
        {"id": named(seed, at), "asked": dict(ASKED), "calm": calm, "offer": offer}
        for at, (calm, offer) in enumerate(kinds)
    ]
    return {"seed": seed, "cases": cases}


def public() -> Plan[Month]:
    """The plan that the lab carries; `lab plan executive-brief --public` writes it."""
    return draw(8, months=12)
