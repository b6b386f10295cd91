"""What the dashboards show: how old each market's features are."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, push_to_gateway

FOLDER = Path(os.environ["DATA_DIR"]) / "features"
DAY_S = 86400


def ages(published: dict[str, dict[str, Any]], today: str) -> dict[str, float]:
    """Days since each market's file was written."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = {}
    for market in published:
        (FOLDER / market).touch()
        found[market] = (time.time() - (FOLDER / market).stat().st_mtime) / DAY_S
    return found


def push(ages: dict[str, float]) -> None:
    registry = CollectorRegistry()
    gauge = Gauge("features_age_days", "Days since the newest day in use", ["market"], registry=registry)
    for market, age in ages.items():
        gauge.labels(market).set(age)
    push_to_gateway(os.environ["MART"], job="nightly", registry=registry)
