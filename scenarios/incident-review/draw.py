"""Draws the incidents of an exam. All else of each, the world draws from its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.names import generator, named

from grader.labkit import world

with world(__file__):
    from kinds import CHANGED, FACTORS, KINDS, TURNS

if TYPE_CHECKING:
    from casebook.plan import Plan
    from kinds import Incident

ASKED = {"impact": 1, "timeline": 1, "cause": 1, "weighed": 1, "actions": 1, "evidence": 3}
ABLE = {"foretold": ("version", "config", "host"), "one": CHANGED}
"""Kinds that a factor or a turn can hold in; all of them, if it is not here."""

SHARES = {"one": 0.86}
"""Of the evenings in which it can hold; half, if it is not here. Fewer of `one` do not show who never names it."""


def draw(seed: int, incidents: int = 28) -> Plan[Incident]:
    """A plan: as many of each kind; each factor and each turn holds in half of the evenings in which it can."""
    rng = generator(seed, "kinds")
    kinds = [KINDS[at % len(KINDS)] for at in range(incidents)]
    rng.shuffle(kinds)
    holds: list[set[str]] = [set() for _ in kinds]
    for name in (*FACTORS, *TURNS):
        able = [at for at, kind in enumerate(kinds) if kind in ABLE.get(name, KINDS)]
        for at in rng.sample(able, int(len(able) * SHARES.get(name, 0.5))):
            holds[at].add(name)
    cases: list[Incident] = [
        {
            "id": named(seed, at),
            "asked": dict(ASKED),
            "kind": kind,
            "factors": [factor for factor in FACTORS if factor in has],
            "turns": [turn for turn in TURNS if turn in has],
        }
        for at, (kind, has) in enumerate(zip(kinds, holds, strict=True))
    ]
    return {"seed": seed, "cases": cases}


def public() -> Plan[Incident]:
    """The plan that the lab carries; `lab plan incident-review --public` writes it."""
    return draw(3, incidents=8)
