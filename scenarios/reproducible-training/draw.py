"""Draws the releases of an exam. All else of each, the world draws from its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.names import named

if TYPE_CHECKING:
    from casebook.plan import Plan
    from wards import Release

ASKED = "again", "machine", "order", "clock", "cores", "data-counts", "seed-counts", "works", "recorded"


def draw(seed: int, releases: int = 20) -> Plan[Release]:
    """A plan: as many releases, each asked about once by each promise."""
    cases: list[Release] = [{"id": named(seed, at), "asked": dict.fromkeys(ASKED, 1)} for at in range(releases)]
    return {"seed": seed, "cases": cases}


def public() -> Plan[Release]:
    """The plan that the lab carries; `lab plan reproducible-training --public` writes it."""
    return draw(14, releases=8)
