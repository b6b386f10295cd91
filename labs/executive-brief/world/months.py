"""A month: everything that the desk is given about it, its twin, and what is true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from casebook.plan import Case
from cited.twins import parquets, twin
from common.names import generator, named
from labour import labour
from offers import Offers, components, offers
from people import people
from trade import Trade, trade

if TYPE_CHECKING:
    from cited import Value

DRAWN = 3
"""Claims of which the proof is asked, of those of a month."""

NAMES, AMOUNTS, WHOLE = ({"outage"}, {"proposal"}), {"amount", "booked", "yearly", "hours"}, {"outages", "proposals"}
"""What differs in the twin. Of outages and proposals all stay, under other names: with the worst or the best gone, the
next one could have its name by luck."""


class Month(Case):
    """`calm`: whether weeks are alike; `offer`: what there is to ask for (`offers.offers`)."""

    calm: bool
    offer: str


@dataclass(frozen=True)
class Made:
    """What a run is given of a month, and what is true of it. `left`: customers who left over its outages; `proven`:
    claims of which the proof is asked."""

    case: Month
    tables: dict[str, bytes]
    twin: dict[str, bytes]
    trade: Trade
    offers: Offers
    left: float
    truths: dict[str, Value]
    proven: list[str]


def month(seed: int | str, case: Month) -> Made:
    """A month of a plan."""
    id = case["id"]
    sold = trade(seed, id, case["calm"], components(seed, id))
    columns = books(sold)
    met, left = people(seed, id, sold)
    spent, hours, slower = labour(seed, id, sold)
    offered = offers(seed, id, case["offer"], sold)
    columns |= met | spent | offered.tables
    truths: dict[str, Value] = {"lost": sold.lost, "worst": sold.worst.id, "left": left, "hours": hours}
    truths |= {"slower": slower, "ask": offered.ask.id if offered.ask else "none"}
    if offered.ask:
        truths |= {"worth": offered.ask.worth, "payback": offered.ask.payback}
    tables = parquets(columns)
    proven = generator(seed, id, "proven").sample(sorted(truths), DRAWN)
    other = twin(tables, named(seed, id, "twin"), NAMES, AMOUNTS, WHOLE)
    return Made(case, tables, other, sold, offered, left, truths, proven)


def books(sold: Trade) -> dict[str, dict[str, Any]]:
    """Tables of sales, regions and outages."""
    events = sorted(sold.events, key=lambda event: event.id)
    return {
        "sales": sold.sales,
        "regions": {"region": [*sold.offsets], "utc_offset": [*sold.offsets.values()]},
        "outages": {
            "outage": [event.id for event in events],
            "begins": np.array([sold.at(event.begin) for event in events]),
            "ends": np.array([sold.at(event.end) for event in events]),
            "component": [event.component for event in events],
            "planned": [event.planned for event in events],
            "status": [event.status for event in events],
        },
    }
