"""v2's counters as budgets see them: (signal, subject) to (bad, all). People's labels only."""

from __future__ import annotations

import urllib.request
from collections import defaultdict

from budget import Reading
from prometheus_client.parser import text_string_to_metric_families


def parse(text: str) -> Reading:
    bad: dict[tuple[str, str], float] = defaultdict(float)
    of: dict[tuple[str, str], float] = defaultdict(float)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels, value = sample.labels, sample.value
            if sample.name == "parcel_requests_total":
                for key in (("errors", "all"), ("carrier", labels["tenant"])):
                    of[key] += value
                    bad[key] += value * labels["code"].startswith("5")
            elif sample.name == "parcel_seconds_count":
                of["slow", "all"] += value
                bad["slow", "all"] += value
            elif sample.name == "parcel_seconds_bucket" and labels["le"] == "0.25":
                bad["slow", "all"] -= value
            elif sample.name == "parcel_feedback_total" and labels["source"] == "human":
                of["wrong", "all"] += value
                bad["wrong", "all"] += value * (labels["outcome"] == "wrong")
    return {key: (bad[key], total) for key, total in of.items()}


class Metrics:
    def __init__(self, url: str) -> None:
        self.url = url

    def scrape(self) -> Reading:
        with urllib.request.urlopen(self.url, timeout=1) as response:
            return parse(response.read().decode())
