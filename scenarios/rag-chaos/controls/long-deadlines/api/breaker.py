"""A circuit breaker: after some failures in a row nobody calls, until one try after a rest succeeds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import metrics

Result = TypeVar("Result")
FAILURES, REST_S = 1_000_000, 0.5


class Unavailable(Exception):
    """A dependency is not asked now, or has failed."""


class Breaker:
    def __init__(self, name: str, patience_s: float) -> None:
        self.name = name
        self.patience_s = patience_s
        self.failures = 0
        self.opened = 0.0
        self.trying = False

    async def call(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """The work's result, within the breaker's patience.

        Raises:
            Unavailable: the breaker is open, or the work failed or was late.
        """
        if self.failures >= FAILURES and not self.rested():
            raise Unavailable(f"{self.name} rests")
        self.trying = self.failures >= FAILURES
        try:
            async with asyncio.timeout(self.patience_s):
                result = await work()
        except Exception as error:  # whatever it is, there is a way without
            self.failed(error)
            raise Unavailable(f"{self.name}: {error!r}") from error
        except asyncio.CancelledError:
            self.trying = False
            raise
        self.failures, self.trying = 0, False
        return result

    def rested(self) -> bool:
        """Whether this one may try it again."""
        return not self.trying and time.monotonic() >= self.opened + REST_S

    def failed(self, error: Exception) -> None:
        metrics.failures.labels(self.name, type(error).__name__).inc()
        self.failures, self.opened, self.trying = self.failures + 1, time.monotonic(), False
