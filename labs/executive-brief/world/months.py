"""A month: everything that the desk is given about it, its twin, and what is true."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
from casebook.plan import Case
from cited.twins import parquets, twin
from common.names import generator, named
from labour import labour
from offers import Offers, components, offers
from people import people
from trade import Trade, trade

if TYPE_CHECKING:
    from casebook.plan import Plan
    from cited import Value

DRAWN = 3
"""Claims of which the proof is asked, of those of a month."""

NAMES, AMOUNTS = ({"outage"}, {"proposal"}), {"amount", "booked", "yearly", "hours"}
WHOLE = {"outages", "proposals", "sales"}
"""What differs in the twin. Of outages, sales and proposals all stay, under other names or with other amounts: with the
worst or the best gone, the next one could have its name by luck."""


class Month(Case):
    """`restless`: its doubt as a share of its loss, about (`trade.trade`); `offer`: what there is to ask for
    (`offers.offers`)."""

    restless: float
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
    sold = trade(seed, id, case["restless"], components(seed, id))
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
    return Made(case, tables, _other(tables, seed, id, sold), sold, offered, left, truths, proven)


def _other(tables: dict[str, bytes], seed: int | str, case: str, sold: Trade) -> dict[str, bytes]:
    """The twin, drawn again while `slower` is the same there by luck."""
    for again in range(20):
        made = twin(tables, named(seed, case, "twin", again), NAMES, AMOUNTS, WHOLE)
        if abs(_slow(made["releases"], sold) / _slow(tables["releases"], sold) - 1) > 0.001:
            return made
    raise RuntimeError(f"no twin for {case}")


def _slow(releases: bytes, sold: Trade) -> float:
    """Releases in weeks with an outage, to each in another week."""
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file, duckdb.connect(config={"threads": 1}) as base:
        file.write(releases)
        file.flush()
        days = base.execute("SELECT day FROM read_parquet(?)", [file.name]).fetchnumpy()["day"]
    bad = np.isin((days - sold.start) // np.timedelta64(7, "D"), [*sold.bad])
    return float(bad.sum() / (~bad).sum())


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


def kept(plan: Plan[Month]) -> list[Month]:
    """The months of which a reader gets the page: a calm one, a restless one and one between, and each kind of offer
    once where the plan has it there."""
    rng = generator(plan["seed"], "kept")
    months = sorted(plan["cases"], key=lambda case: case["restless"])
    offers = rng.sample(sorted({case["offer"] for case in months}), len({case["offer"] for case in months}))
    found = []
    for at in range(3):
        third = months[at * len(months) // 3 : (at + 1) * len(months) // 3]
        wanted = [case for case in third if case["offer"] == offers[at % len(offers)]]
        found += rng.sample(wanted or third, min(1, len(third)))
    return found
