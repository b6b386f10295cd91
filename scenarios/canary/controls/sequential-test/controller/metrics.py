"""Counters of a model server as a plain dictionary: (what, carrier) to total."""

from __future__ import annotations

import urllib.request
from collections import Counter

from prometheus_client.parser import text_string_to_metric_families

Counts = Counter[tuple[str, str]]


def parse(text: str) -> Counts:
    counts: Counts = Counter()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels, tenant = sample.labels, sample.labels.get("tenant", "")
            if sample.name == "parcel_requests_total":
                counts["requests", tenant] += sample.value
                counts["errors", tenant] += sample.value if labels["code"][0] == "5" else 0
            elif sample.name == "parcel_seconds_bucket" and labels["le"] in ("0.25", "+Inf"):
                counts["late", tenant] += sample.value if labels["le"] == "+Inf" else -sample.value
            elif sample.name == "parcel_feedback_total" and labels["source"] == "human":
                counts["labels", tenant] += sample.value
                counts["wrong", tenant] += sample.value if labels["outcome"] == "wrong" else 0
    return counts


class Metrics:
    def __init__(self, url: str) -> None:
        self.url = url

    def scrape(self) -> Counts:
        with urllib.request.urlopen(self.url, timeout=1) as response:
            return parse(response.read().decode())


def total(counts: Counts, what: str) -> float:
    return sum(value for (name, _), value in counts.items() if name == what)


def minus(now: Counts, before: Counts) -> Counts:
    """Differences, zero and negative ones too."""
    result = Counter(now)
    result.subtract(before)
    return result
