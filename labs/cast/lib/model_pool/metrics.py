"""The pool's figures as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Iterable

from model_pool.pool import Pool

KIND = "text/plain; version=0.0.4; charset=utf-8"
Samples = Iterable[tuple[str, float]]


def page(pool: Pool) -> bytes:
    """All of it, in Prometheus' text format."""
    sums, served = pool.books.sums, pool.served
    scaled = {name: one.replicas for name, one in served.items() if one.replicas}
    codes = [
        (f'model="{n}",code="{code}"', many) for n, one in sums.items() for code, many in sorted(one.codes.items())
    ]
    parts = [
        _metric("pool_calls_total", "counter", "Calls that ended, by the status that was sent (0: none)", codes),
        _metric(
            "pool_call_seconds_sum", "counter", "Seconds that they took", _each((n, s.seconds) for n, s in sums.items())
        ),
        _metric(
            "pool_wait_seconds_sum",
            "counter",
            "Seconds that they waited for a slot",
            _each((n, s.waited) for n, s in sums.items()),
        ),
        _metric(
            "pool_credits_total", "counter", "Credits that were billed", _each((n, s.credits) for n, s in sums.items())
        ),
        _metric(
            "pool_calls_open", "gauge", "Calls that have no answer yet", _each((n, s.open) for n, s in sums.items())
        ),
        _metric(
            "pool_queue_length",
            "gauge",
            "Calls that wait for a slot",
            _each((n, s.slots.waiting) for n, s in served.items()),
        ),
        _metric(
            "pool_slots_busy", "gauge", "Slots with a call at work", _each((n, s.slots.busy) for n, s in served.items())
        ),
        _metric(
            "pool_slots",
            "gauge",
            "Slots; a model that lacks here has any number",
            _each((n, s.slots.many) for n, s in served.items() if s.slots.many is not None),
        ),
        _metric(
            "pool_replicas_wanted",
            "gauge",
            "Replicas that were asked for",
            _each((n, r.wanted) for n, r in scaled.items()),
        ),
        _metric("pool_replicas_there", "gauge", "Replicas that work", _each((n, r.there) for n, r in scaled.items())),
        _metric(
            "pool_replica_seconds_total",
            "counter",
            "Replica-seconds that are billed",
            _each((n, r.seconds) for n, r in scaled.items()),
        ),
        _metric(
            "pool_model_info",
            "gauge",
            "The version that answers",
            [(f'model="{n}",version="{s.version}"', 1) for n, s in served.items()],
        ),
    ]
    return "".join(parts).encode()


def _each(samples: Samples) -> Samples:
    return [(f'model="{name}"', value) for name, value in samples]


def _metric(name: str, kind: str, help: str, samples: Samples) -> str:
    lines = [f"{name}{{{labels}}} {value:.10g}\n" for labels, value in samples]
    return "".join([f"# HELP {name} {help}\n# TYPE {name} {kind}\n", *lines]) if lines else ""
