"""How much is let through: calls at once, requests and tokens a minute, as a token bucket each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from apierror import rate_limited
from fields import check, number, whole
from settings import Limits

FIELDS = {
    "max_concurrent": whole(0, 100_000),
    "requests_per_minute": whole(0, 10_000_000),
    "tokens_per_minute": whole(0, 1_000_000_000),
    "burst_s": number(0.1, 60),
}
CONCURRENT_RETRY_S = 1.0


def parse(raw: Any, now: Limits) -> Limits:
    """The limits in a control body; keys that are not there stay as they are.

    Raises:
        BadControl: an unknown key or a value out of range.
    """
    return Limits(**{**asdict(now), **check(raw, FIELDS, "the body")})


class Bucket:
    """Fills at `per_minute` up to `burst_s` seconds of it (at least 1), and starts full."""

    def __init__(self, per_minute: int, burst_s: float, clock: Callable[[], float]) -> None:
        self.per_minute = per_minute
        self._rate = per_minute / 60
        self._size = max(1.0, self._rate * burst_s)
        self._level = self._size
        self._clock = clock
        self._at = clock()

    def wait_s(self, amount: float) -> float:
        """Seconds until `amount` may be taken, 0 for now; more than the bucket holds needs a full bucket."""
        now = self._clock()
        self._level = min(self._size, self._level + (now - self._at) * self._rate)
        self._at = now
        return max(0.0, (min(amount, self._size) - self._level) / self._rate)

    def take(self, amount: float) -> None:
        """Take it; the level may fall below zero."""
        self._level -= amount

    def headers(self, what: str) -> dict[str, str]:
        """`x-ratelimit-{limit,remaining,reset}-<what>`."""
        full_s = max(0.0, (self._size - self._level) / self._rate)
        return {
            f"x-ratelimit-limit-{what}": str(self.per_minute),
            f"x-ratelimit-remaining-{what}": str(max(0, int(self._level))),
            f"x-ratelimit-reset-{what}": _duration(full_s),
        }


class Gate:
    """Lets calls in, or raises the 429 of the real API."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.at_work = 0
        self.set(limits)

    def set(self, limits: Limits) -> None:
        """Use these limits from now on, with full buckets."""
        self.limits = limits
        made = {
            "requests": Bucket(limits.requests_per_minute, limits.burst_s, self._clock),
            "tokens": Bucket(limits.tokens_per_minute, limits.burst_s, self._clock),
        }
        self._buckets = {name: bucket for name, bucket in made.items() if bucket.per_minute}

    def admit(self, model: str, tokens: int) -> None:
        """Take what a call of so many tokens, prompt and answer, needs.

        Raises:
            ApiError: 429, and nothing is taken.
        """
        most = self.limits.max_concurrent
        if most and self.at_work >= most:
            message = f"Too many concurrent requests for {model}: limit {most}. Please try again later."
            raise rate_limited(message, "concurrency", CONCURRENT_RETRY_S, self.headers())
        wanted = {"requests": 1, "tokens": tokens}
        for name, bucket in self._buckets.items():
            wait = bucket.wait_s(wanted[name])
            if wait > 0:
                message = (
                    f"Rate limit reached for {model} on {name} per min: limit {bucket.per_minute}, "
                    f"requested {wanted[name]}. Please try again in {_duration(wait)}."
                )
                raise rate_limited(message, name, wait, self.headers())
        for name, bucket in self._buckets.items():
            bucket.take(wanted[name])

    @contextmanager
    def working(self, *, counted: bool = True) -> Iterator[None]:
        """Around a call that is at work, for `max_concurrent`; a probe is not counted."""
        self.at_work += counted
        try:
            yield
        finally:
            self.at_work -= counted

    def headers(self) -> dict[str, str]:
        """The `x-ratelimit-*` headers of the limits that are set."""
        return {key: value for name, bucket in self._buckets.items() for key, value in bucket.headers(name).items()}


def _duration(seconds: float) -> str:
    """As the real API writes it: `20ms`, `1.5s`, `6m0s`."""
    if seconds < 1:
        return f"{round(seconds * 1000)}ms"
    if seconds < 60:
        return f"{round(seconds, 2):g}s"
    return f"{int(seconds // 60)}m{int(seconds % 60)}s"
