"""What the dashboards show: how old each market's features are."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, push_to_gateway

FOLDER = Path(os.environ["DATA_DIR"]) / "features"
DAY_S = 86400


def keep(market: str, entry: dict) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{market}.json").write_text(json.dumps(entry))


def age_days(market: str) -> float:
    return (time.time() - (FOLDER / f"{market}.json").stat().st_mtime) / DAY_S


def push(markets: list[str]) -> None:
    registry = CollectorRegistry()
    gauge = Gauge("features_age_days", "Age of the features in use, in days", ["market"], registry=registry)
    for market in markets:
        gauge.labels(market).set(age_days(market))
    push_to_gateway(os.environ["MART"], job="nightly", registry=registry)
