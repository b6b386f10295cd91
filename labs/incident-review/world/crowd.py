"""Who came that evening: requests of people, monitors and bots, and what became of their carts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import numpy as np
from common.names import generator
from kinds import Columns, Incident
from scene import HOSTS, MINUTE, Scene

Pay = Callable[[int, float], bool]
"""A payment of a visitor at a moment; whether it went well."""

STAYS = 0.15, 0.35
"""Of carts that stay in one cell: on hosts of one number, and with the bank of that part of the country."""

LOST, BLIP, DECLINED, DECLINE = 0.004, 0.3, (0.12, 0.22), -2
"""Shares of payments that fail without any reason, on the whole and in a blip, and that a bank declines: 402, and no
failure."""


@dataclass
class Crowd:
    """All requests, sorted by time. `seconds`, `client`, `route`, `customer`, `status`; `hosts`: number of the host by
    role; `party`; `hit`: met the fault; `stray`: index on the path of what failed by itself; else
    -1, and DECLINE where a bank declined."""

    requests: Columns
    carts: Columns
    seconds: np.ndarray
    pays: np.ndarray
    hosts: dict[str, np.ndarray]
    party: np.ndarray
    hit: np.ndarray
    stray: np.ndarray


@dataclass
class Visitor:
    """Somebody with a cart. `where`: numbers of hosts by role; `stuck`: whether the fault meets him."""

    customer: int
    client: str
    where: dict[str, int]
    party: int
    stuck: bool
    amount: float
    paid: float = np.inf


def crowd(made: Scene, seed: int | str, case: Incident, again: int) -> Crowd:
    """Everybody of an evening."""
    rng = generator(seed, case["id"], "crowd", again)
    visitors: list[Visitor] = []
    rows: list[tuple[float, int, str, bool, int]] = []  # when, visitor, route, hit, stray
    ids = iter(rng.sample(range(10_000, 99_999), 9_000))
    app, storm, back = rng.uniform(0.3, 0.6), "storm" in case["factors"], rng.uniform(0.3, 0.6)
    people, bots = rng.uniform(20, 26), rng.uniform(4, 7)
    stays, declined = rng.uniform(*STAYS), rng.uniform(*DECLINED)
    strays = len(made.path) - 1

    def pay(number: int, when: float) -> bool:
        """One payment; whether it went well."""
        one = visitors[number]
        hit = one.stuck and made.fails(when)
        luck = 1.0 if hit else rng.random()
        lost = BLIP if any(begun <= when < over for begun, over in made.blips) else LOST
        stray = rng.randrange(strays) if luck < lost else DECLINE if luck < lost + declined else -1
        rows.append((when, number, "pay", hit, stray))
        if not hit and stray == -1:
            one.paid = min(one.paid, when)
            return True
        if stray == DECLINE and rng.random() < 0.7:  # another card
            return pay(number, when + rng.uniform(20, 60))
        return False

    for when in _arrivals(rng, people / MINUTE, made.length):
        number = _visitor(rng, made, visitors, stays, next(ids), "app" if rng.random() < app else "web")
        if not pay(number, when):
            _again(rng, made, number, when, pay, storm, back, visitors)
    for when in _arrivals(rng, bots / MINUTE, made.length):
        number = _visitor(rng, made, visitors, stays, next(ids), "bot")
        for turn in range(rng.choice([1, 2, 4])):
            pay(number, when + 2.0 * turn)
    for turn in range(int(made.length / 20)):
        pay(_visitor(rng, made, visitors, stays, next(ids), "monitor"), 20.0 * turn + rng.uniform(0, 3))
    for when in _arrivals(rng, 5 / MINUTE, made.length):
        number = _visitor(rng, made, visitors, stays, next(ids), rng.choice(["web", "app"]))
        rows.append((when, number, "look", False, -1))
    return _tables(made, rng, visitors, sorted(row for row in rows if row[0] < made.length))


def _arrivals(rng: Random, rate: float, until: float) -> list[float]:
    found, when = [], rng.expovariate(rate)
    while when < until:
        found.append(when)
        when += rng.expovariate(rate)
    return found


def _visitor(rng: Random, made: Scene, visitors: list[Visitor], stays: float, customer: int, client: str) -> int:
    cell = rng.randrange(HOSTS) if rng.random() < stays else None
    where = {role: int(HOSTS * rng.random()) if cell is None else cell for role in made.names}
    party = (0 if rng.random() < made.shares[0] else 1) if cell in (None, 1) else cell // 2
    met = (party if made.fault == "party" else where[made.fault]) in made.where
    amount = round(rng.lognormvariate(4.6, 0.6) * (6 if client == "bot" else 1), 2)
    visitors.append(Visitor(customer, client, where, party, met and rng.random() < made.q, amount))
    return len(visitors) - 1


def _again(
    rng: Random, made: Scene, number: int, when: float, pay: Pay, storm: bool, back: float, visitors: list[Visitor]
) -> None:
    """After a payment that failed: the app's own tries, a few by hand, and perhaps once more when it is over."""
    moment = when
    share = made.q * len(made.where) / HOSTS if made.fault != "party" else made.q * made.shares[made.where[0]]
    for _ in range(round(2.1 / share) if storm and visitors[number].stuck else 0):
        moment += rng.uniform(2, 7)
        if pay(number, moment):
            return
    for _ in range(2):
        if rng.random() < 0.35:
            break
        moment += rng.uniform(30, 120)
        if pay(number, moment):
            return
    _later(rng, made, number, pay, back, visitors)


def _later(rng: Random, made: Scene, number: int, pay: Pay, back: float, visitors: list[Visitor]) -> None:
    """Once more within half an hour of the end, or much later, or never."""
    one = visitors[number]
    if not one.stuck:
        return
    luck = rng.random()
    if luck < back:
        pay(number, made.effect + rng.uniform(1, 27) * MINUTE)
    elif luck < back + 0.3 * (1 - back):
        one.paid = made.effect + rng.uniform(36, 400) * MINUTE


def _tables(made: Scene, rng: Random, visitors: list[Visitor], rows: list[tuple[float, int, str, bool, int]]) -> Crowd:
    numbers = np.random.default_rng(rng.getrandbits(64))
    many = len(rows)
    seconds, who = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    pays, hit = np.array([row[2] == "pay" for row in rows]), np.array([row[3] for row in rows])
    stray = np.array([row[4] for row in rows])
    failed = hit | (stray >= 0)
    declined = stray == DECLINE
    status = np.where(failed, numbers.choice([500, 502, 503, 504], many), np.where(declined, 402, 200))
    ms = np.round(numbers.lognormal(5.3, 0.4, many) + np.where(failed, numbers.uniform(400, 3000, many), 0))
    customer = np.array([one.customer for one in visitors])[who]
    buyers = [visitors[at] for at in numbers.permutation(len(visitors))]
    paid = np.array([made.at(one.paid) if one.paid < np.inf else np.datetime64("NaT") for one in buyers])
    return Crowd(
        {
            "request": numbers.permutation(10 * many)[:many],
            "ts": made.start + np.round(1000 * seconds).astype("timedelta64[ms]"),
            "customer": customer,
            "client": np.array([one.client for one in visitors], object)[who],
            "route": np.where(pays, "pay", "look").astype(object),
            "status": status,
            "ms": ms.astype(np.int64),
        },
        {
            "cart": rng.sample(range(100_000, 999_999), len(buyers)),
            "customer": [one.customer for one in buyers],
            "amount": [one.amount for one in buyers],
            "paid": paid.astype("datetime64[ms]"),
        },
        seconds, pays,
        {role: np.array([one.where[role] for one in visitors])[who] for role in made.names},
        np.array([one.party for one in visitors])[who], hit, stray,
    )  # fmt: skip
