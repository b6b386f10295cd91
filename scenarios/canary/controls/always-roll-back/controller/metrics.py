"""What a model server says about itself: totals by carrier, so that two looks can be subtracted."""

from __future__ import annotations

import urllib.request
from collections import Counter
from dataclasses import dataclass, field

from prometheus_client.parser import text_string_to_metric_families

SLOW_S = "0.25"


@dataclass
class Totals:
    """Counts by carrier; `late` are the answers that took longer than 250 ms."""

    requests: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    fast: Counter[str] = field(default_factory=Counter)
    timed: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    @property
    def late(self) -> Counter[str]:
        return self.timed - self.fast

    def plain(self) -> dict[str, dict[str, float]]:
        """As JSON data; `Totals.read` is the way back."""
        return {name: dict(getattr(self, name)) for name in self.__dataclass_fields__}

    @classmethod
    def read(cls, plain: dict[str, dict[str, float]]) -> Totals:
        return cls(**{name: Counter(counts) for name, counts in plain.items()})

    def since(self, earlier: Totals) -> Totals:
        """What has been counted after `earlier`."""
        return Totals(*(getattr(self, name) - getattr(earlier, name) for name in Totals.__dataclass_fields__))


def parse(text: str) -> Totals:
    """Totals of a metrics page. Only people's marks count as labels: the belt's own come from the answer itself."""
    totals = Totals()
    for family in text_string_to_metric_families(text):
        for name, labels, value, *_ in family.samples:
            tenant = labels.get("tenant", "")
            if name == "parcel_requests_total":
                totals.requests[tenant] += value
                if labels["code"].startswith("5"):
                    totals.errors[tenant] += value
            elif name == "parcel_seconds_count":
                totals.timed[tenant] += value
            elif name == "parcel_seconds_bucket" and labels["le"] == SLOW_S:
                totals.fast[tenant] += value
            elif name == "parcel_feedback_total" and labels["source"] == "human":
                totals.labels[tenant] += value
                if labels["outcome"] == "wrong":
                    totals.wrong[tenant] += value
    return totals


class Metrics:
    def __init__(self, url: str) -> None:
        self.url = url

    def scrape(self) -> Totals:
        with urllib.request.urlopen(self.url, timeout=1) as response:
            return parse(response.read().decode())
