"""Draws the bills of an exam."""

from common.names import generator, named

KINDS = {"again": "once", "new": "paid", "monthly": "paid"}  # what is asked about a case of each kind


def draw(seed, cases=160):
    """A plan, half of its cases bills that come again; the world draws the rest from its seed."""
    kinds = ["again", "new", "again", "monthly"] * (cases // 4)
    generator(seed, "kinds").shuffle(kinds)
    each = [{"id": named(seed, at), "kind": kind, "asked": {KINDS[kind]: 1}} for at, kind in enumerate(kinds)]
    return {"seed": seed, "cases": each}


def public():
    """The plan that the lab carries; `lab plan toil-killer --public` writes it."""
    return draw(1, cases=32)
