"""What the model servers say about themselves, as rates over the time since the rollout began."""

from __future__ import annotations

import urllib.request
from collections import Counter

from prometheus_client.parser import text_string_to_metric_families


class Metrics:
    def __init__(self, url: str) -> None:
        self.url = url
        self.start: Counter[str] = Counter()

    def reset(self) -> None:
        self.start = self.scrape()

    def scrape(self) -> Counter[str]:
        with urllib.request.urlopen(self.url, timeout=2) as response:
            text = response.read().decode()
        totals: Counter[str] = Counter()
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == "parcel_requests_total":
                    totals["requests"] += sample.value
                    if sample.labels["code"].startswith("5"):
                        totals["errors"] += sample.value
                elif sample.name == "parcel_seconds_sum":
                    totals["seconds"] += sample.value
                elif sample.name == "parcel_feedback_total" and sample.labels["source"] == "auto":
                    totals["marked"] += sample.value
                    if sample.labels["outcome"] == "right":
                        totals["right"] += sample.value
        return totals

    def snapshot(self) -> dict[str, float]:
        now = self.scrape()
        now.subtract(self.start)
        requests = now["requests"]
        return {
            "requests": requests,
            "error_rate": now["errors"] / requests if requests else 0.0,
            "latency": now["seconds"] / requests if requests else 0.0,
            "accuracy": now["right"] / now["marked"] if now["marked"] else 1.0,
        }
