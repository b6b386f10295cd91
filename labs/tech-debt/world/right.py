"""The recommender as it should be: what the page shows, without flags of the past, for the settings in force."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

COLUMNS = ("part", "price", "cost", "weight_g", "stock", "age_days", "lead_h", "fits", "maker")
MEASURED = ("price", "cost", "weight_g", "age_days", "lead_h")
"""Columns with a unit. What is bad in one of them is left at its last good value; the others are taken."""
WEIGHTS = ("weight_fit", "weight_margin", "weight_fresh", "weight_quick", "weight_light")
LIMITS = {"min_stock": (0, 50), "max_price": (1, 100_000), "fresh_days": (30, 3650)}
DEFAULTS = {"min_stock": 1, "max_price": 5000, "fresh_days": 730}
FLAGS = ("one_per_maker", "own_brand_first", "heavy_last", "close_of_month")
Row = dict[str, Any]
"""A part: a value a column."""

Settings = dict[str, Any]
"""All that a push sets, by key."""

SHOWN, OWN_BRAND, HEAVY_G, CLOSE_H = 10, "Marrow", 5000, 72


def closes(day: str) -> bool:
    """Whether a day is the last of its month."""
    return (date.fromisoformat(day) + timedelta(days=1)).day == 1


def loses(part: Row) -> bool:
    """Whether we lose money with a part: there the three copies of the score differ."""
    return bool(part["cost"] > part["price"])


class Shop:
    """One tenant: its settings, its catalogue, and the last good values of each column."""

    def __init__(self) -> None:
        self.settings: Settings = {}
        self.degraded: frozenset[str] = frozenset()
        self._rows, self._parts = dict[str, Row](), dict[str, Row]()
        self._good: dict[str, dict[str, Any]] = {column: {} for column in MEASURED}

    def push(self, config: Settings) -> None:
        """A good push replaces all settings."""
        self.settings = DEFAULTS | dict.fromkeys(FLAGS, False) | config

    def feed(self, rows: Sequence[Row], degraded: Collection[str] = ()) -> None:
        """A feed, with columns that came in another unit."""
        self._rows = {row["part"]: row for row in rows}
        self.degraded = frozenset(degraded)
        for column in set(MEASURED) - self.degraded:
            self._good[column] = {row["part"]: row[column] for row in rows}
        self._parts = self._known()

    def parts(self) -> dict[str, Row]:
        """By id, each part with its good values; without those that have none for some column. To be read only."""
        return self._parts

    def _known(self) -> dict[str, Row]:
        whole = {}
        for id, row in self._rows.items():
            values = {column: self._good[column].get(id) for column in MEASURED}
            if None not in values.values():
                whole[id] = row | values
        return whole

    def page(self, basket: Collection[str], day: str, settings: Settings | None = None) -> tuple[list[str], float]:
        """The ids that are shown, and the number that the mails want; the ids also for other settings."""
        parts, settings = self.parts(), settings or self.settings
        machines = [parts[id]["fits"] for id in basket]
        shown = [
            part
            for id, part in parts.items()
            if id not in basket and part["stock"] >= settings["min_stock"] and part["price"] <= settings["max_price"]
        ]
        if settings["close_of_month"] and closes(day):
            shown = [part for part in shown if part["lead_h"] <= CLOSE_H]
        shown.sort(key=lambda part: (-self._score(part, machines), part["part"]))
        shown = _by_house_rules(shown, settings)[:SHOWN]
        old = [self._score(part, machines, margin_from=None) for part in shown]
        return [part["part"] for part in shown], 100 * sum(old) / len(old) if old else 0.0

    def report(self, id: str) -> float:
        """What controlling is told of a part: no basket, and nothing is cut at zero."""
        return self._score(self.parts()[id], (), margin_from=None, fresh_from=None)

    def _score(
        self, part: Row, machines: Sequence[str], margin_from: float | None = 0.0, fresh_from: float | None = 0.0
    ) -> float:
        margin = 1 - part["cost"] / part["price"]
        fresh = 1 - part["age_days"] / self.settings["fresh_days"]
        terms = (
            sum(machine == part["fits"] for machine in machines) / max(1, len(machines)),
            margin if margin_from is None else max(margin_from, margin),
            fresh if fresh_from is None else max(fresh_from, fresh),
            1 / (1 + part["lead_h"] / 48),
            1 / (1 + part["weight_g"] / 2000),
        )
        score: float = sum(self.settings[weight] * term for weight, term in zip(WEIGHTS, terms, strict=True))
        return score


def _by_house_rules(parts: list[Row], settings: Settings) -> list[Row]:
    if settings["own_brand_first"]:
        parts = sorted(parts, key=lambda part: part["maker"] != OWN_BRAND)
    if settings["heavy_last"]:
        parts = sorted(parts, key=lambda part: part["weight_g"] > HEAVY_G)
    if settings["one_per_maker"]:
        first = dict[str, Row]()
        for part in parts:
            first.setdefault(part["maker"], part)
        parts = list(first.values())
    return parts
