"""The two models' metrics as counts by carrier."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

SLOW_OVER = "0.25"


class MetricsError(Exception):
    """A page could not be had, or not be read."""


@dataclass
class Counts:
    """Parcels and marks, of one carrier or of all."""

    parcels: float = 0.0
    errors: float = 0.0
    timed: float = 0.0
    slow: float = 0.0
    marks: float = 0.0
    wrong: float = 0.0

    def plus(self, other: Counts) -> Counts:
        return Counts(**{key: value + getattr(other, key) for key, value in asdict(self).items()})

    def minus(self, other: Counts) -> Counts:
        return Counts(**{key: value - getattr(other, key) for key, value in asdict(self).items()})


@dataclass
class Page:
    """One scrape. Counts are since the server's start."""

    carriers: dict[str, Counts] = field(default_factory=dict)
    in_flight: float = 0.0

    def total(self) -> Counts:
        total = Counts()
        for counts in self.carriers.values():
            total = total.plus(counts)
        return total

    def since(self, base: Page) -> dict[str, Counts]:
        return {name: counts.minus(base.carriers.get(name, Counts())) for name, counts in self.carriers.items()}

    def dump(self) -> dict[str, Any]:
        return {"carriers": {name: asdict(counts) for name, counts in self.carriers.items()}, "in_flight": self.in_flight}

    @classmethod
    def load(cls, raw: dict[str, Any]) -> Page:
        return cls({name: Counts(**counts) for name, counts in raw["carriers"].items()}, raw["in_flight"])

    @classmethod
    def parse(cls, text: str) -> Page:
        page = cls()
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == "parcel_in_flight":
                    page.in_flight = sample.value
                if "tenant" in sample.labels:
                    counts = page.carriers.setdefault(sample.labels["tenant"], Counts())
                    cls._take(counts, sample.name, sample.labels, sample.value)
        return page

    @staticmethod
    def _take(counts: Counts, name: str, labels: dict[str, str], value: float) -> None:
        if name == "parcel_requests_total":
            counts.parcels += value
            if not labels["code"].startswith("2"):
                counts.errors += value
        elif name == "parcel_seconds_count":
            counts.timed += value
            counts.slow += value
        elif name == "parcel_seconds_bucket" and labels["le"] == SLOW_OVER:
            counts.slow -= value
        elif name == "parcel_feedback_total" and labels["source"] == "human":  # `auto` marks its own homework
            counts.marks += value
            if labels["outcome"] == "wrong":
                counts.wrong += value


class Collector:
    """Reads both pages at the same time."""

    def __init__(self, client: httpx.AsyncClient, v1_url: str, v2_url: str) -> None:
        self._client, self._urls = client, (v1_url, v2_url)

    async def look(self) -> tuple[Page, Page]:
        """v1's page and v2's.

        Raises:
            MetricsError: one of them is not there.
        """
        v1, v2 = await asyncio.gather(*(self._page(url) for url in self._urls), return_exceptions=True)
        for page in (v1, v2):
            if isinstance(page, BaseException):
                raise MetricsError(repr(page)) from page
        return v1, v2

    async def _page(self, url: str) -> Page:
        async with asyncio.timeout(0.4):
            response = await self._client.get(url)
        response.raise_for_status()
        return Page.parse(response.text)
