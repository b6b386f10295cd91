"""What Prometheus reads at /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Histogram, generate_latest

BUCKETS = (0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)

answers = Counter("answers", "Questions by the status of their answer", ["code"])
ways = Counter("ways", "Answers by how passages were found and who answered", ["search", "author"])
failures = Counter("failures", "Calls of a dependency that failed or were late", ["dependency", "error"])
seconds = Histogram("seconds", "Time from question to answer", ["stage"], buckets=BUCKETS)


def page() -> bytes:
    return generate_latest()
