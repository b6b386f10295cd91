"""The page at /metrics. Labels are made once a combination, so that counting a request costs microseconds."""

from __future__ import annotations

import random
import time
from functools import lru_cache
from heapq import heappop, heappush

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

PAST_S, PAST_SEEN, PAST_WRONG, PAST_FAILED = 0.008, 0.6, 0.035, 0.002
PAST_SLOW, PAST_SLOW_S, SLOW_BUCKET = 0.004, 0.128, 2
PAGE_S = 0.02
BUCKETS = (0.025, 0.1, 0.25, 0.4, 1.0, 2.0)


class Telemetry:
    """Counters of one model server. Times in seconds."""

    def __init__(self, version: str) -> None:
        disable_created_metrics()
        self._registry = CollectorRegistry()
        requests = Counter("parcel_requests", "Answers given", ["tenant", "code"], registry=self._registry)
        seconds = Histogram("parcel_seconds", "Time to answer", ["tenant"], registry=self._registry, buckets=BUCKETS)
        feedback = Counter(
            "parcel_feedback",
            "Answers marked right or wrong, by who marked them",
            ["tenant", "source", "outcome"],
            registry=self._registry,
        )
        self.in_flight = Gauge("parcel_in_flight", "Requests being worked on", registry=self._registry)
        info = Gauge("model_info", "The version that this server runs", ["version"], registry=self._registry)
        info.labels(version).set(1)
        self._page, self._stale_at = b"", 0.0
        self._coming: list[tuple[float, str, str, str]] = []
        self._request = lru_cache(maxsize=512)(requests.labels)
        self._seconds = lru_cache(maxsize=128)(seconds.labels)
        self._feedback = lru_cache(maxsize=512)(feedback.labels)

    def answered(self, tenant: str, code: int, seconds: float) -> None:
        """Count one answer."""
        self._request(tenant, str(code)).inc()
        self._seconds(tenant).observe(seconds)

    def marked(self, tenant: str, source: str, outcome: str) -> None:
        """Count one mark: `source` is auto or human, `outcome` right or wrong."""
        self._feedback(tenant, source, outcome).inc()

    def mark_later(self, seconds: float, tenant: str, source: str, outcome: str) -> None:
        """Count one mark in so many seconds. Nobody is woken for it: it is counted by the time that anybody looks."""
        now = time.monotonic()
        heappush(self._coming, (now + seconds, tenant, source, outcome))
        self._catch_up(now)

    def _catch_up(self, now: float) -> None:
        while self._coming and self._coming[0][0] <= now:
            self.marked(*heappop(self._coming)[1:])

    def lived(self, tenants: list[str], parcels: int, draw: random.Random) -> None:
        """Count about so many parcels in all as answered before, as well as v1 answers, and as marked by now."""
        for tenant in tenants:
            each = round(parcels / len(tenants) * draw.uniform(0.97, 1.03))
            failed, slow = _about(each * PAST_FAILED, draw), _about(each * PAST_SLOW, draw)
            seen = _about((each - failed) * PAST_SEEN, draw)
            wrong = _about(seen * PAST_WRONG, draw)
            self._request(tenant, "200").inc(each - failed)
            self._request(tenant, "500").inc(failed)
            past = self._seconds(tenant)
            past._sum.inc((each - slow) * PAST_S + slow * PAST_SLOW_S)  # as `observe` does, and in no time
            past._buckets[0].inc(each - slow)
            past._buckets[SLOW_BUCKET].inc(slow)
            self._feedback(tenant, "auto", "right").inc(each - failed)
            self._feedback(tenant, "human", "wrong").inc(wrong)
            self._feedback(tenant, "human", "right").inc(seen - wrong)

    def page(self) -> bytes:
        """The page in the text format of Prometheus; made anew at most every PAGE_S, however many ask."""
        now = time.monotonic()
        if now >= self._stale_at:
            self._catch_up(now)
            self._page, self._stale_at = generate_latest(self._registry), now + PAGE_S
        return self._page


def _about(mean: float, draw: random.Random) -> int:
    """As luck has it."""
    return max(0, round(draw.gauss(mean, mean**0.5)))
