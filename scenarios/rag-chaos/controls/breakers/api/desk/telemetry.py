"""What Prometheus reads at /metrics."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from prometheus_client import Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2, 2.4)

answers = Counter("answers", "Questions by the status of their answer", ["code"])
grades = Counter("answers_by_way", "Answers by how passages were found and the sentence was written", ["found", "written"])
seconds = Histogram("seconds", "Time by stage", ["stage"], buckets=BUCKETS)
failures = Counter("failures", "Calls to others that brought nothing", ["what"])
breakers = Gauge("breaker_open", "1 while a breaker is open", ["name"])
edition = Gauge("edition", "Edition of the replica")
age = Gauge("replica_confirmed_timestamp_seconds", "When the replica was last found to be what the store has")


@contextlib.contextmanager
def stage(name: str) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        seconds.labels(name).observe(time.perf_counter() - began)


def page() -> bytes:
    return generate_latest()
