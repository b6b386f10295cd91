"""What a page of metrics said: samples of Prometheus' text, by name and labels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client.parser import text_string_to_metric_families

MAX_PAGE = 1 << 20
MOST_SERIES = 5_000
NOT_OWN = ("python_", "process_")
NO_METRICS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
Series = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Scrape:
    """One look at a page.

    Attributes:
        at, seconds: when it was asked for (since the epoch), and how long that took.
        word: `ok`; `none`: no answer in time; `malformed`: no metrics, over 1 MiB or 5,000 series.
        error: one sentence where it is not ok.
        samples: value by name and sorted labels. What is not finite is left out.
    """

    at: float
    seconds: float
    word: str
    error: str = ""
    samples: Mapping[Series, float] = field(default_factory=dict, repr=False)

    @property
    def series(self) -> int:
        """How many there are that the service's code made: not of the process, and no `_created`."""
        return sum(not name.startswith(NOT_OWN) and not name.endswith("_created") for name, _ in self.samples)

    def total(self, name: str, **labels: str) -> float:
        """The sum over all series of that name that have these labels; others they may have besides."""
        return sum(value for (own, pairs), value in self.samples.items() if own == name and _has(pairs, labels))

    def by(self, name: str, *labels: str) -> dict[tuple[str, ...], float]:
        """Sums by the values of these labels; a label that a series lacks is empty."""
        found: dict[tuple[str, ...], float] = {}
        for (own, pairs), value in self.samples.items():
            if own == name:
                known = dict(pairs)
                key = tuple(known.get(label, "") for label in labels)
                found[key] = found.get(key, 0.0) + value
        return found


NOTHING = Scrape(0.0, 0.0, "none", "it was not looked at yet")


def parsed(page: bytes) -> dict[Series, float]:
    """Samples of a page in Prometheus' text format; of a series that is there twice the last.

    Raises:
        NO_METRICS: it is none.
    """
    text = page.decode("utf-8")
    if sum(bool(line) and line[0] != "#" for line in text.splitlines()) > MOST_SERIES:  # before it costs seconds
        raise ValueError(f"over {MOST_SERIES} series")
    return dict(_samples(text))


def _samples(page: str) -> Iterator[tuple[Series, float]]:
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            if math.isfinite(sample.value):
                yield (sample.name, tuple(sorted(sample.labels.items()))), float(sample.value)


def _has(pairs: tuple[tuple[str, str], ...], labels: Mapping[str, str]) -> bool:
    known = dict(pairs)
    return all(known.get(name) == value for name, value in labels.items())
