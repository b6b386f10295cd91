"""The office: bills of travellers, made from a plan, and what the desk should say of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from casebook.world import Case, On, Picture, Plan, in_lanes
from charts import Axis, Bars, Chart, Panel
from common.names import generator

SELLERS = ("Bergbahn", "Hotel Adler", "Nordair", "Taxi Holm", "Cafe Lund", "Stadtwerke", "Blue Ferry", "Park + Ride")


class Bill(Case):
    """A case, as draw.py makes it."""

    kind: str


class World:
    """Asks the desk about one bill after the other, in four lanes side by side."""

    def __init__(self, plan: Plan[Bill]) -> None:
        self.seed = plan["seed"]
        self.lanes = in_lanes(plan["cases"], 4)
        self.paid = {case["kind"]: 0 for case in plan["cases"]}

    async def play(self, lane: Sequence[Bill], on: On) -> None:
        """A lane: its cases in order."""
        for case in lane:
            reply = await on.ask("desk", "POST", "/bills", asked(self.seed, case), timeout_s=5)
            word, note = reply.bad({"pay": bool}), reply.error
            if not word:  # it answered, and in the form that was asked for
                pay = reply.json["pay"]
                word = "right" if pay is (case["kind"] != "again") else "wrong"
                self.paid[case["kind"]] += pay
                note = f"{case['kind']}, {'paid' if pay else 'held back'}"
            on.tell_rest(case["id"], word, note)

    def pictures(self) -> Iterator[Picture]:
        """How many bills of each kind are paid."""
        bars = Bars("your desk pays", range(len(self.paid)), self.paid.values())
        title = f"{self.paid['again']} bills that were paid before are paid again"
        yield Chart("paid", title, [Panel([bars], Axis(names=list(self.paid)), Axis("bills"))])


def asked(seed: int, case: Bill) -> dict[str, Any]:
    """What the desk is asked about a case. An `again` was paid before, a `monthly` differs in its date."""
    rng = generator(seed, case["id"])
    paid = [bill(rng) for _ in range(12)]
    handed = bill(rng) if case["kind"] == "new" else dict(rng.choice(paid))
    if case["kind"] == "again":
        other = rng.choice((str.upper, str.lower))(handed["seller"]).replace(" ", "  ")
        handed["seller"] = other + rng.choice(("", " GmbH", " Ltd"))
    if case["kind"] == "monthly":
        handed["date"] = f"2026-07-{handed['date'][-2:]}"
    return {"bill": handed, "paid": paid}


def bill(rng: Random) -> dict[str, Any]:
    """Any bill of half a year."""
    day = f"2026-{rng.randint(1, 6):02d}-{rng.randint(1, 28):02d}"
    return {"seller": rng.choice(SELLERS), "date": day, "cents": rng.randrange(300, 90_000)}
