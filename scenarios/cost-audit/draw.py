"""Draws the fleets of an exam.

`python scenarios/cost-audit/draw.py > labs/cost-audit/public/plan.json` writes those that the lab carries, and `python
scenarios/cost-audit/draw.py answers > labs/cost-audit/public/answers.json` the answer sheet.
"""

import hashlib
import json
import sys
from pathlib import Path

LAB = Path(__file__).resolve().parents[2] / "labs" / "cost-audit"
ASKED = {"saving": 6, "kept": 8, "finished": 6, "restored": 9, "resident": 5, "standing": 4, "forecast": 1}
"""Of each fleet: by category and of commitments, by service, training, store, flow, needed machine, and once."""


def draw(seed, fleets=50):
    """A plan; the world draws each fleet from the seed and the fleet's name, which tells nothing else."""
    names = [hashlib.blake2b(f"{seed}:{number}".encode(), digest_size=5).hexdigest() for number in range(fleets)]
    return {"seed": seed, "cases": [{"id": name, "asked": ASKED} for name in names]}


def public():
    """The plan that the lab carries."""
    return draw(1, fleets=8)


def answers(plan):
    """Of each fleet what an auditor cannot look up: next month, chances, and the least that each category can cost."""
    sys.path[:0] = [str(LAB / "world"), str(LAB.parent / "cast" / "lib")]
    import fleet
    import machines
    import month
    import plans
    import trainings

    sheet = {}
    for case in plan["cases"]:
        doc, hidden = fleet.fleet_of(plan["seed"], case["id"])
        was, could = month.bill(doc, hidden, plans.before(doc)), month.least(doc, hidden)
        sheet[case["id"]] = {
            "usd": {kind: {"as it is": round(was[kind]), "least": round(could[kind])} for kind in month.CATEGORIES},
            "worst hour": {
                each["name"]: {"seen": max(each["demand"]), "next month": hidden.peaks[each["name"]]}
                for each in doc["services"]
            },
            "done in time, share of runs": {
                each["name"]: {
                    pool: round(chance, 4) for pool, (chance, _) in trainings.outcomes(each, doc["pools"]).items()
                }
                for each in doc["trainings"]
            },
            "GB read next month": hidden.reads,
            "machines": {each["name"]: machines.needed(doc, each) or "may go" for each in doc["machines"]},
        }
    return sheet


if __name__ == "__main__":
    print(json.dumps(answers(public()) if sys.argv[1:] == ["answers"] else public(), indent=1))
