"""Trips and what they cost: by each model, and by the tariff. load.py knows them from here."""

from __future__ import annotations

import hashlib
from typing import Any

from common.names import generator, named

ZONES = tuple(f"Z{number}" for number in range(1, 10))
SEATS = range(1, 9)
ROUTES = 3000
SMALL_IS_OFF = 0.12


def routes(seed: int | str) -> list[str]:
    """All routes in an order of the seed's."""
    made = [f"{ZONES[number % len(ZONES)]}-{1000 + number}" for number in range(ROUTES)]
    generator(seed, "routes").shuffle(made)
    return made


def seats_of(route: str, seed: int | str) -> int:
    """For how many a route is asked for."""
    return SEATS[_hash("seats", seed, route) % len(SEATS)]


def price(model: str, route: str, seats: int) -> float:
    """What a model says a trip costs (EUR); the small one is off by up to 12 %."""
    zone = ZONES.index(route.partition("-")[0]) + 1
    dear = 0.8 + _hash("dear", route) % 1000 / 1000 * 0.7
    exact = (18.0 + 7.5 * zone + 3.2 * seats) * dear
    if model == "small":
        exact *= 1 + SMALL_IS_OFF * (_hash("off", route, seats) % 2001 / 1000 - 1)
    return round(exact, 2)


def edition(seed: int | str) -> str:
    """The tariff's edition."""
    return f"tariff-{named(seed, 'edition', size=3)}"


def tariff(seed: int | str) -> dict[str, dict[str, float]]:
    """The default price (EUR) by zone and seats."""
    level = generator(seed, "tariff").uniform(1.0, 1.2)
    return {
        zone: {str(seats): round((18.0 + 7.5 * number + 3.2 * seats) * level, 2) for seats in SEATS}
        for number, zone in enumerate(ZONES, 1)
    }


def covered(edition: str, prices: dict[str, dict[str, float]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the tariff's receipt is for: subject and answer."""
    return {"tariff": edition}, {"prices": prices}


def _hash(*what: int | str) -> int:
    return int.from_bytes(hashlib.blake2b(":".join(map(str, what)).encode(), digest_size=6).digest(), "big")
