"""Draws the months of an exam.

`python scenarios/define-the-slo/draw.py > labs/define-the-slo/public/plan.json` writes the public ones, and `python
scenarios/define-the-slo/draw.py panel > labs/define-the-slo/public/panel.csv` what testers felt in the first.
"""

import csv
import hashlib
import json
import random
import sys
from pathlib import Path

LAB = Path(__file__).resolve().parents[2] / "labs" / "define-the-slo"
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


def draw(seed, days=30, storms=15, leaks=20, calm=8):
    """A plan: so many months of each kind; the world draws the rest."""
    rng = random.Random(f"{seed}:months")
    many = {"kept": days, "spent": days, "storm": storms, "leak": leaks, "calm": calm}
    kinds = [kind for kind, count in many.items() for _ in range(count)]
    rng.shuffle(kinds)
    names = [hashlib.blake2b(f"{seed}:{number}".encode(), digest_size=3).hexdigest() for number in range(len(kinds))]
    return {"seed": seed, "cases": [{"id": n, "kind": k, "asked": ASKED[k]} for n, k in zip(names, kinds, strict=True)]}


def public():
    """The plan that the lab carries."""
    return draw(20260314, days=4, storms=3, leaks=4, calm=2)


def panel(plan):
    """Openings of the first month in days, equal ones together, and what testers felt."""
    sys.path[:0] = [str(LAB / "world"), str(LAB.parent / "cast" / "lib")]
    import calendars
    import rows

    case = next(case for case in plan["cases"] if case["kind"] in ("kept", "spent"))
    counts = calendars.ByDay(plan["seed"], case)
    many = counts.counts.sum(0)
    seen = rows.generator(plan["seed"], "panel").multinomial(TESTED, many / many.sum())
    for row, times in zip(counts.traffic.rows, seen.tolist(), strict=True):
        yield [rows.felt(row), max(1, times), *row.columns]


if __name__ == "__main__":
    plan = public()
    if sys.argv[1:] == ["panel"]:
        lines = sorted(panel(plan), key=lambda line: (line[2], str(line[3]), line[6], line[7]))
        from rows import COLUMNS

        csv.writer(sys.stdout, lineterminator="\n").writerows([["felt", "times", *COLUMNS], *lines])
    else:
        lines = ",\n".join(json.dumps(case) for case in plan["cases"])
        print(f'{{"seed": {plan["seed"]}, "cases": [\n{lines}\n]}}')
