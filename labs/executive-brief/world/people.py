"""Customers, who was hit by what, and who cancelled. Those who use most are hit most, and cancel least."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from common.names import generator, named

if TYPE_CHECKING:
    from trade import Trade

CUSTOMERS = 7_000, 14_000
PLANS = ((0.5, 0.25, 0.12, 0.045), (0.34, 0.5, 0.05, 0.025), (0.16, 0.72, 0.012, 0.016))
"""Of each plan its share of customers, the share of those that outages hit, and the shares that cancel: of all, and of
those that were hit beside."""

TOUCH, ANGER = (0.9, 1.1), (0.6, 1.7)
"""How far these shares are drawn from month to month; of those that cancel over it, all together."""

AGAIN, IDLE = 0.35, 0.2
"""Shares that a further outage hits too, and that a planned window or a false alarm is noted for."""


def people(seed: int | str, case: str, trade: Trade) -> tuple[dict[str, dict[str, Any]], float]:
    """Tables `customers`, `exposed`, `cancelled`, and how many left over the outages: of each plan the customers that
    were hit, times what share of them cancelled more than of the others."""
    rng = generator(seed, case, "people")
    numbers = np.random.default_rng(rng.getrandbits(64))
    names = [named(seed, case, "plan", at, size=3) for at in range(len(PLANS))]
    total, anger = rng.randrange(*CUSTOMERS), rng.uniform(*ANGER)
    many_of = [round(total * share) for share, *_ in PLANS]
    ids = numbers.permutation(sum(many_of)) + rng.randrange(10_000, 90_000)
    plan, hit = np.empty(len(ids), dtype=object), np.zeros(len(ids), dtype=bool)
    gone = np.zeros(len(ids), dtype=bool)
    left, first = 0.0, 0
    for name, many, (_, met, leaves, more) in zip(names, many_of, PLANS, strict=True):
        members = numbers.permutation(np.arange(first, first + many))
        first += many
        struck = round(many * met * rng.uniform(*TOUCH))
        base, beside = leaves * rng.uniform(*TOUCH), more * anger * rng.uniform(*TOUCH)
        over, others = round(struck * (base + beside)), round((many - struck) * base)
        plan[members], hit[members[:struck]] = name, True
        gone[members[:over]] = gone[members[struck : struck + others]] = True
        left += over - struck * others / (many - struck)
    tables = {"customers": {"customer": ids, "plan": plan.astype(str)}}
    tables["exposed"] = _exposed(numbers, ids, hit, trade)
    minutes = numbers.integers(0, 29 * 1440, int(gone.sum()))
    last = trade.at(35 * 1440)
    tables["cancelled"] = {"customer": numbers.permutation(ids[gone]), "ts": last + minutes.astype("timedelta64[m]")}
    return tables, left


def _exposed(numbers: np.random.Generator, ids: Any, hit: Any, trade: Trade) -> dict[str, Any]:
    """Each of those that were hit has one outage at least; what was no outage is noted for some of all."""
    outages = [event.id for event in trade.outages]
    first = numbers.integers(0, len(outages), len(ids))
    customer, outage = [], []
    for at, name in enumerate(outages):
        mine = hit & ((first == at) | (numbers.random(len(ids)) < AGAIN))
        customer.append(ids[mine])
        outage.append(np.full(int(mine.sum()), name))
    for event in trade.events:
        if not event.counts:
            noted = numbers.random(len(ids)) < IDLE
            customer.append(ids[noted])
            outage.append(np.full(int(noted.sum()), event.id))
    order = numbers.permutation(sum(map(len, customer)))
    return {"customer": np.concatenate(customer)[order], "outage": np.concatenate(outage)[order]}
