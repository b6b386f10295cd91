"""The office: bills of travellers, made from a plan, and what the desk should say of each."""

from __future__ import annotations

import random
from typing import Any

from casebook.asks import On, in_lanes

SELLERS = ("Bergbahn", "Hotel Adler", "Nordair", "Taxi Holm", "Cafe Lund", "Stadtwerke", "Blue Ferry", "Park + Ride")
ENDS = ("", " GmbH", " Ltd")


def bill(rng: random.Random) -> dict[str, Any]:
    """A bill of a first half of a year."""
    day = f"2026-{rng.randint(1, 6):02d}-{rng.randint(1, 28):02d}"
    return {"seller": rng.choice(SELLERS), "date": day, "cents": rng.randrange(300, 90_000)}


def asked(seed: int, case: dict[str, Any]) -> dict[str, Any]:
    """What the desk is asked about a case: an `again` is paid already, an `other` differs in its date or in nothing."""
    rng = random.Random(f"{seed}:{case['id']}")
    paid = [bill(rng) for _ in range(12)]
    handed = dict(rng.choice(paid)) if case["kind"] != "new" else bill(rng)
    if case["kind"] == "again":
        handed["seller"] = rng.choice((str.upper, str.lower))(handed["seller"]).replace(" ", "  ") + rng.choice(ENDS)
    if case["kind"] == "monthly":
        handed["date"] = f"2026-07-{handed['date'][-2:]}"
    return {"bill": handed, "paid": paid}


class World:
    """Asks the desk about one bill after the other, four travellers at a time."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._seed = plan["seed"]
        self.lanes = in_lanes(plan["cases"], 4)

    async def play(self, lane: list[dict[str, Any]], on: On) -> None:
        """One lane of cases."""
        for case in lane:
            reply = await on.ask("desk", "POST", "/bills", asked(self._seed, case), timeout_s=5)
            if word := reply.bad({"pay": bool}):
                on.tell_rest(case["id"], word, reply.error)
                continue
            pay = reply.json["pay"]
            word = "right" if pay is (case["kind"] != "again") else "wrong"
            on.tell_rest(case["id"], word, f"{case['kind']}, {'paid' if pay else 'held back'}")
