"""What the dashboards show: how old each market's features are, by what consumers can read."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from datetime import date
from typing import Any

from features import own
from prometheus_client import CollectorRegistry, Gauge, push_to_gateway


def age_days(revisions: Mapping[str, Any], today: str) -> float:
    newest = max((day for day, each in revisions.items() if day <= today and own(day, each)), default=None)
    return float("inf") if newest is None else float((date.fromisoformat(today) - date.fromisoformat(newest)).days)


async def push(out: Mapping[str, Mapping[str, Any]], today: str) -> None:
    registry = CollectorRegistry()
    gauge = Gauge("features_age_days", "Age of the newest features of their own, in days", ["market"], registry=registry)
    for market, revisions in out.items():
        gauge.labels(market).set(age_days(revisions, today))
    await asyncio.to_thread(push_to_gateway, os.environ["MART"], "nightly", registry, timeout=2)
