"""What the dashboards show: how old each market's features are, by the days that the registry has."""

from __future__ import annotations

import os
from typing import Any

from days import between
from prometheus_client import CollectorRegistry, Gauge, push_to_gateway


def ages(published: dict[str, dict[str, Any]], today: str) -> dict[str, int]:
    """Days since the newest day that has features of its own."""
    return {
        market: between(max(entry["data_day"] for day, entry in days.items() if entry["data_day"] == day), today)
        for market, days in published.items()
    }


def push(ages: dict[str, int]) -> None:
    registry = CollectorRegistry()
    gauge = Gauge("features_age_days", "Days since the newest day in use", ["market"], registry=registry)
    for market, age in ages.items():
        gauge.labels(market).set(age)
    push_to_gateway(os.environ["MART"], job="nightly", registry=registry)
