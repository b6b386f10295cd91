"""Batches of graded readings: whether the next model may learn from them."""

from __future__ import annotations

from exchange import Exchange
from schema import Batch


class Batches:
    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    async def against(self, batch: Batch) -> str:
        """What speaks against a batch; empty if nothing does."""
        return "a person has to look at it first"
