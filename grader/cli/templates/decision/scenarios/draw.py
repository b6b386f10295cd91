"""Draws the bills of an exam. `python scenarios/__ID__/draw.py > labs/__ID__/public/plan.json` for the public ones."""

from __future__ import annotations

import json
import random
from typing import Any

KINDS = {"again": "once", "new": "paid", "monthly": "paid"}
"""What is asked about a case of each kind."""


def draw(seed: int, cases: int = 160) -> dict[str, Any]:
    """A plan, half of its cases bills that come again; the world draws the rest from its seed."""
    rng = random.Random(seed)
    kinds = ["again", "new", "again", "monthly"] * (cases // 4)
    rng.shuffle(kinds)
    each = [{"id": f"{rng.getrandbits(32):08x}", "kind": kind, "asked": {KINDS[kind]: 1}} for kind in kinds]
    return {"seed": seed, "cases": each}


def public() -> dict[str, Any]:
    """The plan that the lab carries."""
    return draw(1, cases=32)


if __name__ == "__main__":
    print(json.dumps(public()))
