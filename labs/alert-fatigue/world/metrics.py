"""The metrics of a week: what Prometheus would have scraped every two minutes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from calendar_week import A_DAY, HOUR, SERVICES, SPAN, STEP_S, Region, Week, generator
from numpy.typing import NDArray
from remote import Series

POD = "asr-{}"


def series_of(week: Week) -> Iterator[Series]:
    """All series of a week."""
    return (found for region in week.regions for found in _region(week, region))


def _region(week: Week, region: Region) -> Iterator[Series]:
    rng = generator(week.seed, week.name, region.name, "metrics")
    slow = rng.binomial(region.bad, 0.5)
    for number, service in enumerate(SERVICES):
        outcomes = {"slow": slow[number], "failed": (region.bad - slow)[number]}
        outcomes["good"] = (region.requests - region.bad)[number]
        for outcome, counts in outcomes.items():
            yield _labelled(
                "edge_requests_total", region, np.where(region.seen, counts.cumsum(), np.nan), service, outcome=outcome
            )
    yield from _causes(rng, region)


def _labelled(name: str, region: Region, values: NDArray[Any], service: str, **more: str) -> Series:
    """A series; a value that is NaN is not there."""
    steps = np.flatnonzero(~np.isnan(values.astype(float)))
    return name, {"region": region.name, "service": service, **more}, steps, values[steps]


def _causes(rng: np.random.Generator, region: Region) -> Iterator[Series]:
    """What machines say of themselves. In a fast incident they say that they are busy, as the shipped rules hope."""
    load = region.requests.sum(0) / 3000
    fast, odd = (
        _within(region, "fast"),
        {kind: _within(region, kind) for kind in ("cpu", "release", "depth", "synthetic", "scrape")},
    )
    for number, service in enumerate(SERVICES):
        busy = 0.35 + 0.35 * load + 0.25 * fast + rng.normal(0, 0.03, SPAN)
        busy = np.where(odd["cpu"], rng.uniform(0.93, 0.97), busy)
        yield _labelled(
            "node_cpu_ratio", region, np.clip(busy, 0.02, 0.99).round(3), service, instance=POD.format(number)
        )
        up = np.where(odd["scrape"] & (number == 1), 0, 1)
        yield _labelled("up", region, up, service, instance=POD.format(number))
        restarts = np.cumsum((rng.random(SPAN) < 0.001) + odd["release"] * (rng.random(SPAN) < 0.5))
        yield _labelled("restarts_total", region, restarts, service, pod=POD.format(number))
    memory = np.clip(0.6 + 0.2 * load + rng.normal(0, 0.04, SPAN), 0, 0.99)
    yield _labelled("gpu_memory_ratio", region, memory.round(3), "asr")
    depth = np.where(odd["depth"], 900, 40) * (0.5 + load) + 400 * fast + rng.gamma(2, 10, SPAN)
    yield _labelled("queue_depth", region, depth.round(), "asr")
    disk = 0.65 - 0.4 * (np.arange(SPAN) + rng.integers(0, SPAN)) % (3 * A_DAY) / (3 * A_DAY)
    yield _labelled("disk_free_ratio", region, disk.round(4), "ingest")
    yield _labelled("synthetic_ok", region, np.where(odd["synthetic"] | (rng.random(SPAN) < 0.002), 0, 1), "deliver")
    age = (np.arange(SPAN) + rng.integers(0, 6 * HOUR)) % (6 * HOUR) * STEP_S
    yield _labelled("glossary_age_seconds", region, age, "asr")


def _within(region: Region, kind: str) -> NDArray[Any]:
    """The steps of a region's episodes of a kind."""
    mask = np.zeros(SPAN, bool)
    for each in region.episodes:
        if each.kind == kind:
            mask[each.begins : each.ends] = True
    return mask
