"""What the dashboards show: how old each market's features are, by what the registry has."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

from features import own
from prometheus_client import CollectorRegistry, Gauge, push_to_gateway

TIMEOUT_S = 2


def age_days(revisions: dict[str, Any], today: str) -> float:
    """Infinite for a market that has no features of its own rows at all."""
    newest = max((day for day, revision in revisions.items() if day <= today and own(day, revision)), default=None)
    if newest is None:
        return float("inf")
    return float((date.fromisoformat(today) - date.fromisoformat(newest)).days)


def push(published: dict[str, dict[str, Any]], today: str) -> None:
    registry = CollectorRegistry()
    gauge = Gauge("features_age_days", "Age of the features in use, in days", ["market"], registry=registry)
    for market, revisions in published.items():
        gauge.labels(market).set(age_days(revisions, today))
    push_to_gateway(os.environ["MART"], job="nightly", registry=registry, timeout=TIMEOUT_S)
