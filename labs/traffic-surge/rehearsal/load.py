"""What sixty booking sites ask: a fifth for a few trips that all want, the rest for any; a fifth of them premium."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from call_receipts import Receipt, checked, read
from common.names import generator, named

from grader.labkit import Request, world

with world(__file__):
    from trips import SEATS, covered, edition, routes, seats_of, tariff

GIVEN_UP_S = 1.2
OLD_S = 2.5  # two seconds, and half of one for clocks and the way
HOT = 6  # trips: on half as many routes, for two numbers of seats each
EVERY = 5  # of so many in a row one is a premium site's
SITES, PREMIUM_SITES = 60, 12
MODELS = ("large", "small")


@dataclass(frozen=True)
class Trip(Request):
    """What is asked for."""

    route: str = ""
    seats: int = 0


class Traffic:
    """Parameters: `trips` is what routes, seats and sites are drawn from, `tariff` what the tariff is, `seal` what
    receipts are signed with, `hot` the share of requests for one of a few trips."""

    target = "http://front:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._seed, self._hot = seed, float(parameters.get("hot", 0.2))
        self._trips = str(parameters.get("trips", "practice"))
        self._routes = routes(self._trips)
        self._key = key_of(parameters["seal"]) if "seal" in parameters else ""
        tariff_of = parameters.get("tariff", 0)
        self._edition, self._tariff = edition(tariff_of), tariff(tariff_of)
        sites = [f"site-{number}" for number in range(1, SITES + 1)]
        generator(self._trips, "sites").shuffle(sites)
        self._sites = {"premium": sites[:PREMIUM_SITES], "basic": sites[PREMIUM_SITES:]}

    def request(self, n: int) -> Trip:
        """The n-th arrival. A trip that is not hot comes once in some thousands."""
        rng = generator(self._seed, "request", n)
        hot = int((n + 1) * self._hot) > int(n * self._hot)
        which = rng.randrange(HOT)
        route = self._routes[which // 2 if hot else HOT + n % (len(self._routes) - HOT)]
        seats = seats_of(route, self._trips)
        if hot and which % 2:
            seats = seats % len(SEATS) + 1
        premium = n % EVERY == generator(self._seed, "premium", n // EVERY).randrange(EVERY)
        plan = "premium" if premium else "basic"
        headers = {"x-plan": plan, "x-site": rng.choice(self._sites[plan])}
        return Trip(
            "POST", "/v1/prices", "hot" if hot else "tail", json={"route": route, "seats": seats}, headers=headers,
            segment=plan, timeout_s=GIVEN_UP_S, route=route, seats=seats,
        )  # fmt: skip

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """By the receipt `large`, `small` or `default` (the tariff); `stale` if it is too old; `wrong` if it is none,
        or of something else; `none` if there is no price."""
        assert isinstance(request, Trip)
        if status != 200:
            return "none"
        found = json.loads(body)
        said = self._said(request, found["price"], found["receipt"])
        if said is None:
            return "wrong"
        if said.issued < time.time() - OLD_S:
            return "stale"
        return said.who if said.who in MODELS else "default"

    def _said(self, trip: Trip, price: object, receipt: object) -> Receipt | None:
        """Who gave this price for this trip, and when; None if nobody did."""
        if not self._key:
            return read(receipt)  # in practice the pool's key is its own
        said = checked(self._key, receipt, {"route": trip.route, "seats": trip.seats}, {"price": price})
        if said is not None:
            return said
        zone, seats = trip.route.partition("-")[0], str(trip.seats)
        if price != self._tariff[zone][seats]:
            return None
        return checked(self._key, receipt, *covered(self._edition, self._tariff))


def key_of(seal: object) -> str:
    """What receipts are signed with."""
    return named(str(seal), "receipts", size=16)
