"""What a model server says about itself, counted by carrier. `auto` feedback repeats the answer, so nobody reads it."""

from __future__ import annotations

import re
import urllib.request
from collections import defaultdict
from dataclasses import dataclass, field, fields

TIMEOUT = 0.4
SLOW = "0.25"  # the bucket edge above which an answer counts as slow
LINE = re.compile(r"^(\w+)(?:\{(.*)\})?\s(\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclass
class Seen:
    """Counts of one carrier."""

    requests: float = 0.0
    errors: float = 0.0
    answers: float = 0.0
    slow: float = 0.0
    marks: float = 0.0
    wrong: float = 0.0

    def __sub__(self, other: Seen) -> Seen:
        return Seen(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(self)))

    def __add__(self, other: Seen) -> Seen:
        return Seen(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass
class Page:
    """One look at a server: cumulative counts by carrier, and what it is working on."""

    carriers: dict[str, Seen] = field(default_factory=dict)
    in_flight: float = 0.0

    def total(self) -> Seen:
        return sum(self.carriers.values(), Seen())

    def since(self, earlier: Page) -> dict[str, Seen]:
        return {name: seen - earlier.carriers.get(name, Seen()) for name, seen in self.carriers.items()}


def parse(text: str) -> Page:
    carriers: defaultdict[str, Seen] = defaultdict(Seen)
    page = Page()
    for line in text.splitlines():
        match = LINE.match(line)
        if not match or line.startswith("#"):
            continue
        name, value = match[1], float(match[3])
        labels = dict(LABEL.findall(match[2] or ""))
        if name == "parcel_in_flight":
            page.in_flight = value
            continue
        if "tenant" not in labels:
            continue
        seen = carriers[labels["tenant"]]
        if name == "parcel_requests_total":
            seen.requests += value
            if not labels["code"].startswith("2"):
                seen.errors += value
        elif name == "parcel_seconds_count":
            seen.answers += value
            seen.slow += value
        elif name == "parcel_seconds_bucket" and labels["le"] == SLOW:
            seen.slow -= value
        elif name == "parcel_feedback_total" and labels["source"] == "human":
            seen.marks += value
            if labels["outcome"] == "wrong":
                seen.wrong += value
    page.carriers = dict(carriers)
    return page


def scrape(url: str) -> Page:
    with urllib.request.urlopen(url, timeout=TIMEOUT) as response:
        return parse(response.read().decode())
