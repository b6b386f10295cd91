"""Requests as they come in, and the six values that they mean. README.md has the definitions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

EARTH_KM = 6371.0
SLACK = 1e-3
NAMES = ("distance_km", "rating", "days_listed", "price_per_guest", "nights", "lead_days")
MILES = ("en-US", "en-GB")
LOCALES = (*MILES, "de-DE", "fr-FR", "nb-NO", "es-ES")
ODD, FAR, AGAIN = 0.4, 0.25, 0.5
"""The share of requests without a rating, of those that come around midnight, and of those from where there are miles;
and of those from anywhere on earth; and of those for a home that was asked for before; each by itself."""


def requests(rng: np.random.Generator, count: int) -> tuple[list[dict[str, Any]], list[str]]:
    """So many requests, and what is odd about each."""
    homes: list[dict[str, Any]] = []
    made = [_request(rng, homes, *(rng.random(4) < (ODD, ODD, ODD, FAR))) for _ in range(count)]
    return [raw for raw, _ in made], [odd for _, odd in made]


def _request(
    rng: np.random.Generator, homes: list[dict[str, Any]], unrated: bool, midnight: bool, miles: bool, far: bool
) -> tuple[dict[str, Any], str]:
    day = date(2026, 1, 1) + timedelta(days=int(rng.integers(330)))
    hour = int(rng.choice((22, 23, 0, 1)) if midnight else rng.integers(5, 19))
    minute, second = map(int, rng.integers(0, 60, 2))
    asked = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC)
    arrive = day + timedelta(days=int(rng.integers(2, 200)))
    home = _home(rng, homes, day, unrated)
    lat, lon = home["lat"], home["lon"]
    search = (
        (rng.uniform(-60, 75), rng.uniform(-180, 180)) if far else (lat + rng.normal(0, 0.5), lon + rng.normal(0, 0.8))
    )
    locale = MILES[rng.integers(2)] if miles else LOCALES[rng.integers(2, len(LOCALES))]
    raw = {
        "asked_at": asked.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "locale": locale,
        "search": {"lat": round(search[0], 5), "lon": round(search[1], 5)},
        "guests": int(rng.integers(1, 9)),
        "arrive": arrive.isoformat(),
        "leave": (arrive + timedelta(days=int(rng.integers(1, 22)))).isoformat(),
        "home": home,
    }
    kinds = (("no rating", home["rating"] is None), ("around midnight", midnight), (locale, miles), ("far away", far))
    return raw, ", ".join(name for name, is_so in kinds if is_so) or "nothing odd"


def _home(rng: np.random.Generator, homes: list[dict[str, Any]], day: date, unrated: bool) -> dict[str, Any]:
    """A new home, or one that was asked for before: as it was then, or by now with another rating, another price, or
    both."""
    there = [home for home in homes if home["listed_on"] < day.isoformat()]
    now = {
        "rating": None if unrated else round(float(rng.uniform(2.5, 5)), 2),
        "price_cents": int(rng.integers(4_000, 90_000)),
    }
    if there and rng.random() < AGAIN:
        home = there[rng.integers(len(there))]
        changed = [name for name in now if rng.random() < 0.5]
        return home | {name: now[name] for name in changed}
    at = {"lat": round(rng.uniform(36, 60), 5), "lon": round(rng.uniform(-9, 25), 5)}
    homes.append(at | now | {"listed_on": (day - timedelta(days=int(rng.integers(1, 2000)))).isoformat()})
    return homes[-1]


def values(raw: Mapping[str, Any]) -> tuple[float, ...]:
    """The six values of a request, in the order of NAMES."""
    home, asked_on = raw["home"], date.fromisoformat(raw["asked_at"][:10])
    arrive = date.fromisoformat(raw["arrive"])
    return (
        _km(raw["search"], home),
        -1.0 if home["rating"] is None else home["rating"],
        (asked_on - date.fromisoformat(home["listed_on"])).days,
        home["price_cents"] / 100 / raw["guests"],
        (date.fromisoformat(raw["leave"]) - arrive).days,
        (arrive - asked_on).days,
    )


def wrong(row: Mapping[str, float], raw: Mapping[str, Any]) -> list[str]:
    """Which of the values are not what they should be."""
    return [name for name, right in zip(NAMES, values(raw), strict=True) if abs(row[name] - right) > SLACK]


def _km(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    lat, lon, at, to = (math.radians(each[key]) for each in (one, other) for key in ("lat", "lon"))
    a = math.sin((at - lat) / 2) ** 2 + math.cos(lat) * math.cos(at) * math.sin((to - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(a))
