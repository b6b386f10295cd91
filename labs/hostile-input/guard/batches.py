"""Batches of graded readings that suppliers send us, so that the next model knows their grain too."""

from __future__ import annotations

from typing import Any

import log
from exchange import Exchange


class Batches:
    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    async def accept(self, batch: dict[str, Any]) -> bool:
        """Only suppliers whom we know may teach the model."""
        if batch["supplier"] in await self.exchange.registered(batch["commodity"]):
            return True
        log.refused(batch["supplier"], f"batch {batch['batch']}: not registered", batch)
        return False
