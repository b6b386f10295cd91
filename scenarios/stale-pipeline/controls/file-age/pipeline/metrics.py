"""What the dashboards show: how old each market's features are, by the days that the registry has."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from days import between
from prometheus_client import CollectorRegistry, Gauge, push_to_gateway


def ages(published: dict[str, dict[str, Any]], today: str) -> dict[str, int]:
    """Days since the newest day that has features of its own."""
    return {
        market: between(max(entry["data_day"] for day, entry in days.items() if entry["data_day"] == day), today)
        for market, days in published.items()
    }


def file_age(market: str) -> float:
    """Days since the market's file was written; it is written now."""
    file = Path(os.environ["DATA_DIR"]) / f"{market}.json"
    age = (time.time() - file.stat().st_mtime) / 86400 if file.exists() else 0.0
    file.write_text("{}")
    return age


def push(ages: dict[str, int]) -> None:
    registry = CollectorRegistry()
    gauge = Gauge("features_age_days", "Days since the newest day in use", ["market"], registry=registry)
    for market, age in ages.items():
        gauge.labels(market).set(age)
    push_to_gateway(os.environ["MART"], job="nightly", registry=registry)
