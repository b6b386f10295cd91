"""So many may be under way at once, each for so long; who is one too many does without."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

Result = TypeVar("Result")
log = logging.getLogger("desk")


class Bulkhead:
    def __init__(self, places: int) -> None:
        self.places = places

    async def within(self, seconds: float, work: Callable[[], Awaitable[Result]]) -> Result | None:
        """The work's result, or None if there is no place, no time, or it failed."""
        if self.places == 0:
            return None
        self.places -= 1
        try:
            return await asyncio.wait_for(work(), seconds)
        except Exception as error:
            log.info("without: %r", error)
            return None
        finally:
            self.places += 1
