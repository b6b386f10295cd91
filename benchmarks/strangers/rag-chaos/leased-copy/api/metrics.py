"""What Prometheus reads at /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Histogram, generate_latest

BUCKETS = (0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)

answers = Counter("answers", "Questions by the status of their answer", ["code"])
kinds = Counter("answers_kind", "Answers that were given: whole or degraded", ["kind"])
failures = Counter("failures", "Calls that brought nothing, by stage and reason", ["stage", "reason"])
seconds = Histogram("seconds", "Time by stage: embed, library, llm, and all together", ["stage"], buckets=BUCKETS)


def page() -> bytes:
    return generate_latest()
