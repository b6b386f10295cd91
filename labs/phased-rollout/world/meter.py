"""What is counted while a phase lasts: in ten minutes at a time, by language, of the new model and of the old one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from releases import LANGUAGES, Release, generator
from written import COUNTS, Phase

AN_HOUR, A_DAY = 6, 144
"""Buckets of ten minutes."""

PEAK = 40_000
"""Requests in a bucket at the evening's peak."""

NEW, OLD = 0, 1
LATE_LABELS = 3 * AN_HOUR
SESSION, JUDGED = 0.2, 0.02
ERRORS, LATE, WRONG, SWITCHED_OFF = 0.002, 0.01, 0.06, 0.03
MOST = 0.5
"""A larger share of users are most."""

BUSY = 0.6
"""How busy a replica is at the peak, if there are just as many as are needed."""


def demand(hours: NDArray[Any]) -> NDArray[Any]:
    """Requests at an o'clock, as a share of the evening's peak."""
    away = np.abs((np.asarray(hours) - 20.5 + 12) % 24 - 12)
    return 0.25 + 0.75 * np.exp(-((away / 2.5) ** 2) / 2)


OF_A_DAY = float(demand(np.arange(A_DAY) / AN_HOUR).sum())
"""Requests of a day, in buckets at the peak."""


def clock(release: Release, bucket: int | NDArray[Any]) -> NDArray[Any]:
    """The o'clock at which a bucket of a rollout begins."""
    return release.starts + np.asarray(bucket) / AN_HOUR


def overload(busy: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Errors and late answers, as shares, where replicas have more to do than they like."""
    late = np.clip(4 * (busy - 0.85), 0, 1)
    return np.clip(1 - 1 / np.maximum(busy, 1e-9), 0, 1), late


def users(phase: Phase) -> float:
    """The share of users who are on the new model in a phase."""
    return phase.share if phase.kind == "canary" else float(phase.kind == "full")


class Meter:
    """A phase of a rollout that begins in a bucket, with so many replicas; `more` counts on.

    `shadowed` is the bucket in which the first shadow began; `crowded`, for how many most users have been on it.
    """

    def __init__(
        self,
        seed: int,
        release: Release,
        phase: Phase,
        number: int,
        begun: int,
        replicas: int,
        shadowed: int | None,
        crowded: int,
        ends: int,
    ) -> None:
        self._rng = generator(seed, release.id, number)
        self._buckets = np.arange(begun, ends)
        self._at = 0
        real = phase.kind != "load"
        at = clock(release, self._buckets)
        there = np.full(len(at), phase.of_peak) if phase.kind == "load" else demand(at)
        self._requests = there * PEAK / LANGUAGES
        share = phase.share if phase.kind == "canary" else 1.0
        self._shares = {NEW: share, OLD: 1 - share if phase.kind == "canary" else 1.0}
        self._users = {NEW: phase.kind in ("canary", "full"), OLD: phase.kind in ("shadow", "canary")}
        rate = there * share * (release.need / replicas if real else 1)
        live = users(phase)
        crowd = np.arange(1, len(at) + 1) + crowded if live > MOST else np.zeros(len(at))
        self._rates = {NEW: rates(release, rate, live, crowd, at, real), OLD: plain(there * self._shares[OLD])}
        if release.kind == "shared" and real:
            weather = bad_weather(release, self._buckets) * 0.05 * release.size
            for arm in (NEW, OLD):
                self._rates[arm]["errors"] = self._rates[arm]["errors"] + weather
        struck = shadowed is not None and self._buckets < shadowed + release.strike_h * AN_HOUR
        self._labels = real & ~np.broadcast_to(struck, at.shape)
        self._arrived = np.zeros((0, 2, LANGUAGES), int)

    def more(self, buckets: int) -> NDArray[Any]:
        """The next buckets, as many of them as are left: (count, bucket, arm, language)."""
        span = slice(self._at, self._at + buckets)
        came = self._rng.poisson(self._requests[span, None], (len(self._buckets[span]), LANGUAGES))
        requests = np.stack([came, came], 1)
        if self._shares[OLD] < 1:
            requests[:, NEW] = self._rng.binomial(came, self._shares[NEW])
            requests[:, OLD] = came - requests[:, NEW]
        self._arrived = np.concatenate([self._arrived, requests])
        self._at += len(came)
        return np.stack([self._arm(arm, requests[:, arm], span) for arm in (NEW, OLD)], 2)

    def _arm(self, arm: int, requests: NDArray[Any], span: slice) -> NDArray[Any]:
        rates, draw = self._rates[arm], self._rng.binomial
        made = self._arrived[max(0, span.start - LATE_LABELS) : max(0, self._at - LATE_LABELS), arm]
        judged = np.zeros_like(requests)
        judged[len(requests) - len(made) :] = draw(made, JUDGED)
        judged *= self._labels[span, None]
        sessions = draw(requests, SESSION) if self._users[arm] else np.zeros_like(requests)
        found = {
            "requests": requests,
            "errors": draw(requests, rates["errors"][span, None]),
            "late": draw(requests, rates["late"][span, None]),
            "judged": judged,
            "wrong": draw(judged, rates["wrong"]),
            "sessions": sessions,
            "switched_off": draw(sessions, rates["switched_off"]),
        }
        return np.stack([found[name] for name in COUNTS])


def plain(rate: NDArray[Any]) -> dict[str, Any]:
    """Shares of the old model, at a rate as a share of what its replicas have at the peak."""
    errors, late = overload(BUSY * rate)
    return {
        "errors": np.clip(ERRORS + errors, 0, 1),
        "late": np.clip(LATE + late, 0, 1),
        "wrong": np.full(LANGUAGES, WRONG),
        "switched_off": SWITCHED_OFF,
    }


def rates(
    release: Release, rate: NDArray[Any], live: float, crowd: NDArray[Any], at: NDArray[Any], real: bool
) -> dict[str, Any]:
    """Shares of the new model, by bucket or language.

    `rate` is what a replica has to do, as a share of what it has at the peak if there are just enough replicas; `live`
    the share of users who are on the new model; `crowd`, for how many buckets most of them have been.
    """
    found, size, kind = plain(rate), release.size, release.kind
    first = np.arange(len(at)) == 0
    its_hour = ((at - release.hour) % 24 < 3) & (live > 0)
    leaking = np.cumsum(rate >= 0.5) > release.leak_h * AN_HOUR
    crowded = crowd > release.crowd_h * AN_HOUR
    late = {"cold": 0.3 * first, "tail": 0.12 * (rate >= 0.6), "leak": 0.5 * leaking, "hour": 0.25 * its_hour}
    errors: dict[str, Any] = {"leak": 0.2 * leaking, "rare": 0.018 * real, "crowd": 0.04 * crowded}
    found["late"] = np.clip(found["late"] + late.get(kind, 0) * size, 0, 1)
    found["errors"] = np.clip(found["errors"] + errors.get(kind, 0) * size, 0, 1)
    if kind == "worse":
        found["wrong"] += 0.04 * size
    if kind == "slice":
        found["wrong"][release.language] += 0.15 * size
    if kind in ("off", "one-way"):
        found["switched_off"] += 0.045 * size
    return found


def bad_weather(release: Release, buckets: NDArray[Any]) -> NDArray[Any]:
    """In which buckets both models fail more often: for two hours of every eight."""
    return (buckets / AN_HOUR - release.weather_h) % 8 < 2
