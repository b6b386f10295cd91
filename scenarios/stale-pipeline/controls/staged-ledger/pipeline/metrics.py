"""What the dashboards show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from features import is_own
from prometheus_client import CollectorRegistry, Gauge, push_to_gateway
from settings import SETTINGS


def age_days(revisions: Mapping[str, Any], today: str) -> float:
    """Days from the newest day with features of its own; infinite if there is none."""
    own = [day for day, revision in revisions.items() if day <= today and is_own(day, revision)]
    return float((date.fromisoformat(today) - date.fromisoformat(max(own))).days) if own else float("inf")


def push(
    published: Mapping[str, Mapping[str, Any]], today: str, verdicts: Counter[str], missing: Counter[str], faults: int
) -> None:
    registry = CollectorRegistry()
    age = Gauge("features_age_days", "Days since the newest day with own features", ["market"], registry=registry)
    gaps = Gauge("features_missing_days", "Days without features of their own rows", ["market"], registry=registry)
    batches = Gauge("pipeline_batches", "Tonight's batches by verdict", ["verdict"], registry=registry)
    Gauge("pipeline_faults", "What went wrong in the pipeline itself", registry=registry).set(faults)
    for market, revisions in published.items():
        age.labels(market).set(age_days(revisions, today))
        gaps.labels(market).set(missing[market])
    for verdict, count in verdicts.items():
        batches.labels(verdict).set(count)
    push_to_gateway(SETTINGS.mart, job="nightly", registry=registry, timeout=SETTINGS.read_s)
