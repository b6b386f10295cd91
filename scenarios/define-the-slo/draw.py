"""Draws the months of an exam, and what testers felt in the first of the public ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from common.names import generator, named

from grader.labkit import world

if TYPE_CHECKING:
    from casebook.plan import Plan
    from rows import Planned

TESTED = 4_000
ASKED = {
    "kept": {"hurt-days": 5, "calm-days": 5, "budget": 1},
    "spent": {"hurt-days": 5, "calm-days": 5, "budget": 1},
    "storm": {"paged": 4, "stops": 4},
    "leak": {"ticketed": 2},
    "calm": {"quiet": 20},
}
"""Of a month of each kind: five kinds of harm and of calm, its budget; two fast and two medium episodes; two leaks; ten
odd episodes and ten days without any."""


def draw(seed: int, days: int = 30, storms: int = 15, leaks: int = 20, calm: int = 8) -> Plan[Planned]:
    """A plan: so many months of each kind; the world draws the rest."""
    rng = generator(seed, "months")
    many = {"kept": days, "spent": days, "storm": storms, "leak": leaks, "calm": calm}
    kinds = [kind for kind, count in many.items() for _ in range(count)]
    rng.shuffle(kinds)
    names = [named(seed, number, size=3) for number in range(len(kinds))]
    cases: list[Planned] = [{"id": n, "kind": k, "asked": ASKED[k]} for n, k in zip(names, kinds, strict=True)]
    return {"seed": seed, "cases": cases}


def public() -> Plan[Planned]:
    """The plan that the lab carries."""
    return draw(20260314, days=4, storms=3, leaks=4, calm=2)


def public_files(plan: Plan[Planned]) -> dict[str, str]:
    """What else the lab carries."""
    with world(__file__):
        from rows import COLUMNS

    lines = sorted(panel(plan), key=lambda line: (line[2], str(line[3]), line[6], line[7]))
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([["felt", "times", *COLUMNS], *lines])
    return {"panel.csv": file.getvalue()}


def panel(plan: Plan[Planned]) -> Iterator[list[Any]]:
    """Openings of the first month in days, equal ones together, and what testers felt."""
    with world(__file__):
        import calendars
        import rows

    case = next(case for case in plan["cases"] if case["kind"] in ("kept", "spent"))
    counts = calendars.ByDay(plan["seed"], case)
    many = counts.counts.sum(0)
    seen = rows.generator(plan["seed"], "panel").multinomial(TESTED, many / many.sum())
    for row, times in zip(counts.traffic.rows, seen.tolist(), strict=True):
        yield [rows.felt(row), max(1, times), *row.columns]
