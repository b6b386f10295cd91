"""A week as OpenMetrics: what Prometheus would have scraped every two minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TextIO

import numpy as np
from calendar_week import A_DAY, HOUR, SERVICES, SPAN, STEP_S, Region, Week, generator
from numpy.typing import NDArray

EPOCH = 1_772_928_000
"""Sunday, 8 March 2026, 00:00 UTC: the day before a week. All of it is within one block of promtool's longest kind."""

COUNTERS = ("edge_requests", "restarts")
POD = "asr-{}"
STAMPS = [f" {EPOCH + step * STEP_S}\n" for step in range(SPAN)]

Series = tuple[str, Mapping[str, str], NDArray[Any]]
"""A metric's name, labels, and a value for each step; NaN where there is none."""


def series_of(week: Week) -> Iterator[Series]:
    """All series of a week, those of one metric together."""
    every = [found for region in week.regions for found in _region(week, region)]
    return iter(sorted(every, key=lambda each: each[0]))


def write(series: Iterator[Series], file: TextIO) -> None:
    """As OpenMetrics. Values are written with six digits where they are not whole."""
    before = ""
    for name, labels, values in series:
        if name != before:
            file.write(f"# TYPE {name} {'counter' if name in COUNTERS else 'gauge'}\n")
            before = name
        inside = ",".join(f'{key}="{escaped(text)}"' for key, text in sorted(labels.items()))
        full = f"{name}_total" if name in COUNTERS else name
        head = f"{full}{{{inside}}} "
        whole = [f"{value:.9g}" for value in values.tolist()]
        file.writelines(head + value + stamp for value, stamp in zip(whole, STAMPS, strict=True) if value != "nan")
    file.write("# EOF\n")


def escaped(text: str) -> str:
    """A label's value, as the format has it."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _region(week: Week, region: Region) -> Iterator[Series]:
    rng = generator(week.seed, week.name, region.name, "metrics")
    slow = rng.binomial(region.bad, 0.5)
    for number, service in enumerate(SERVICES):
        outcomes = {"slow": slow[number], "failed": (region.bad - slow)[number]}
        outcomes["good"] = (region.requests - region.bad)[number]
        for outcome, counts in outcomes.items():
            yield _labelled(
                "edge_requests", region, np.where(region.seen, counts.cumsum(), np.nan), service, outcome=outcome
            )
    yield from _causes(rng, region)


def _labelled(name: str, region: Region, values: NDArray[Any], service: str, **more: str) -> Series:
    return name, {"region": region.name, "service": service, **more}, values


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
        yield _labelled("restarts", region, restarts, service, pod=POD.format(number))
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
