"""Draws the bills of an exam."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.names import generator, named

if TYPE_CHECKING:
    from casebook.plan import Plan
    from world import Bill

KINDS = {"again": "once", "new": "paid", "monthly": "paid"}  # what is asked about a case of each kind


def draw(seed: int, cases: int = 160) -> Plan[Bill]:
    """A plan: bills of each kind, in any order; the world draws the rest of each from its seed."""
    kinds = ["again", "new", "again", "monthly"] * (cases // 4)
    generator(seed, "kinds").shuffle(kinds)
    each: list[Bill] = [
        {"id": named(seed, at), "kind": kind, "asked": {KINDS[kind]: 1}} for at, kind in enumerate(kinds)
    ]
    return {"seed": seed, "cases": each}


def public() -> Plan[Bill]:
    """The plan that the lab carries; `lab plan point-in-time --public` writes it."""
    return draw(1, cases=32)
