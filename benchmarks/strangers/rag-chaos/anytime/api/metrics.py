"""What Prometheus reads at /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Histogram, generate_latest

BUCKETS = (0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)

answers = Counter("answers", "Questions by the status of their answer", ["code"])
kinds = Counter("answers_kind", "Answers: whole or degraded", ["kind"])
lost = Counter("lost", "Calls that brought nothing", ["stage"])
seconds = Histogram("seconds", "Time by stage: embed, write, search, and all together", ["stage"], buckets=BUCKETS)


def page() -> bytes:
    return generate_latest()
