"""Draws the releases of an exam."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.names import generator

if TYPE_CHECKING:
    from casebook.plan import Plan
    from releases import Planned

KINDS = {
    "fine": ("shipped", "sized"),
    "hungry": ("shipped", "sized"),
    "cold": ("shipped-anyway",),
    "shared": ("shipped-anyway",),
    "tail": ("unseen-load",),
    "leak": ("unseen-load",),
    "worse": ("unseen-shadow",),
    "rare": ("unseen-shadow",),
    "slice": ("every-language",),
    "off": ("small-blast",),
    "hour": ("every-hour",),
    "crowd": ("watched",),
    "one-way": ("way-back",),
    "huge": ("sized",),
}
"""What is asked about a release of each kind."""

SHARED = ("shipped", "shipped-anyway", "unseen-load", "unseen-shadow")
"""Promises that two kinds share: there are more of each, so that neither can be given up."""

MORE = ("leak", "worse")
"""Kinds that something else finds now and then: half as many again."""


def draw(seed: int, shared: int = 24, alone: int = 20, hour: int = 60) -> Plan[Planned]:
    """A plan: so many releases of each kind (of `hour` more: half a day must not do); the world draws the rest."""
    rng = generator(seed, "releases")
    many = {kind: shared if asked[0] in SHARED else alone for kind, asked in KINDS.items()}
    many |= {"hour": hour} | dict.fromkeys(MORE, shared * 3 // 2)
    kinds = [kind for kind, count in many.items() for _ in range(count)]
    rng.shuffle(kinds)
    cases: list[Planned] = [
        {"id": f"m{at:03d}", "kind": kind, "asked": dict.fromkeys(KINDS[kind], 1)} for at, kind in enumerate(kinds, 1)
    ]
    return {"seed": seed, "cases": cases}


def public() -> Plan[Planned]:
    """The plan that the lab carries."""
    return draw(20260303, shared=4, alone=7, hour=7)
