"""Definitions of features: the eight that the model was trained on, and those that a season draws."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, replace
from typing import Any

ROLLING, CALENDAR = "rolling", "calendar"
SKIP, ZERO = "skip", "zero"
HOME = "Europe/Lisbon"
SHARE_OF_REFUNDS = "refund_share_90d"


@dataclass(frozen=True)
class Definition:
    """One version of a feature, as DETAILS.md says it. `where` is a column and its value, or nothing."""

    name: str
    version: int
    source: str
    value: str | None
    aggregate: str
    where: tuple[tuple[str, str], ...]
    days: int
    kind: str
    missing: str
    empty: float | None
    zone: str = HOME

    @property
    def of_status(self) -> bool:
        """Whether it asks for a status."""
        return any(column == "status" for column, _ in self.where)

    @property
    def data(self) -> dict[str, Any]:
        """As it is registered."""
        found = asdict(self) | {"where": dict(self.where), "window": {"days": self.days, "kind": self.kind}}
        return {key: found[key] for key in found if key not in ("days", "kind")}


def _orders(name: str, aggregate: str, days: int, kind: str, missing: str, empty: float | None) -> Definition:
    value = "amount" if aggregate in ("sum", "mean", "max") else None
    where = (("status", "refunded"),) if aggregate == "share" else ()
    return Definition(name, 1, "orders", value, aggregate, where, days, kind, missing, empty)


BASE = (
    _orders("spend_30d", "sum", 30, ROLLING, SKIP, 0),
    _orders("orders_7d", "count", 7, ROLLING, SKIP, 0),
    _orders(SHARE_OF_REFUNDS, "share", 90, ROLLING, SKIP, None),
    _orders("mean_basket_30d", "mean", 30, ROLLING, ZERO, None),
    _orders("orders_today", "count", 1, CALENDAR, SKIP, 0),
    _orders("max_order_60d", "max", 60, ROLLING, SKIP, None),
    _orders("days_since_order", "days_since", 90, ROLLING, SKIP, None),
    Definition("view_seconds_7d", 1, "page_views", "seconds", "sum", (), 7, CALENDAR, SKIP, 0),
)
FAR = ("America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Tokyo")
SUMMER = ("America/New_York", "Europe/Athens", "Europe/Lisbon")
STATUSES = ("refunded", "disputed", "delivered")
CHANNELS = ("web", "app", "phone")
PAGES = ("product", "basket", "help")


def changed(rng: random.Random, old: Definition, version: int) -> Definition:
    """A later version of a feature: another window, and with it now and then another kind of one."""
    days = rng.choice([days for days in range(old.days + 1, old.days * 2 + 6) if days > old.days + old.days // 3])
    kind = rng.choice((ROLLING, CALENDAR)) if old.kind == ROLLING else CALENDAR
    return replace(old, version=version, days=days, kind=kind, zone=rng.choice((HOME, *FAR)))


def edited(rng: random.Random, old: Definition, empty: bool) -> Definition:
    """What somebody would make of a version in place: other days, or another `empty` alone."""
    if empty:
        return replace(old, empty=rng.choice([other for other in (0, -1, None) if other != old.empty]))
    return replace(old, days=old.days + rng.randint(3, 40))


def new(rng: random.Random, names: list[str]) -> list[Definition]:
    """Six new features; each has something of its own that is easily got wrong."""
    status = rng.choice(STATUSES[:2])
    return [
        Definition(
            names[0], 1, "orders", "amount", "mean", (), rng.randint(80, 95), CALENDAR, SKIP, None, rng.choice(SUMMER),
        ),
        Definition(
            names[1], 1, "page_views", "seconds", "mean", (("page", "product"),), rng.randint(2, 9), CALENDAR, ZERO,
            rng.choice((-1, None)), rng.choice(FAR),
        ),
        Definition(
            names[2], 1, "orders", "amount", "mean", (), rng.randint(5, 20), ROLLING, ZERO, rng.choice((None, -1)),
        ),
        Definition(
            names[3], 1, "orders", None, "count", (("status", status),), rng.randint(8, 25),
            rng.choice((ROLLING, CALENDAR)), SKIP, rng.choice((None, -1)), rng.choice(FAR),
        ),
        Definition(
            names[4], 1, "orders", "amount", "mean", (("channel", "phone"),), rng.randint(5, 15), ROLLING, ZERO,
            rng.choice((None, -1)),
        ),
        Definition(
            names[5], 1, "page_views", None, "days_since", (("page", "help"),), rng.randint(2, 6),
            rng.choice((ROLLING, CALENDAR)), SKIP, rng.choice((None, 999)), rng.choice(FAR),
        ),
    ]  # fmt: skip
