"""A circuit breaker: after some failures in a row nobody calls any more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import metrics

Result = TypeVar("Result")
FAILURES = 3


class Unavailable(Exception):
    """A dependency is not asked now, or has failed."""


class Breaker:
    def __init__(self, name: str, patience_s: float) -> None:
        self.name = name
        self.patience_s = patience_s
        self.failures = 0

    async def call(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """The work's result, within the breaker's patience.

        Raises:
            Unavailable: the breaker is open, or the work failed or was late.
        """
        if self.failures >= FAILURES:
            raise Unavailable(f"{self.name} rests")
        try:
            async with asyncio.timeout(self.patience_s):
                result = await work()
        except Exception as error:  # whatever it is, there is a way without
            self.failed(error)
            raise Unavailable(f"{self.name}: {error!r}") from error
        self.failures = 0
        return result

    def failed(self, error: Exception) -> None:
        metrics.failures.labels(self.name, type(error).__name__).inc()
        self.failures += 1
