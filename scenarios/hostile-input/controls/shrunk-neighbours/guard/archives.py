"""What we know of each commodity: its kin, and how often the model agrees with our own people."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from exchange import Exchange
from kinship import Kin


@dataclass(frozen=True)
class Known:
    kin: Kin
    model_right: float


class Archives:
    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.known: dict[str, Known] = {}
        self.locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, commodity: str) -> Known:
        """Learnt once, on the first question; raises exchange.Unknown."""
        if commodity not in self.known:
            async with self.locks[commodity]:
                if commodity not in self.known:
                    self.known[commodity] = await self.learn(commodity)
        return self.known[commodity]

    async def learn(self, commodity: str) -> Known:
        kin = await asyncio.to_thread(Kin, await self.exchange.archive(commodity))
        said = await self.exchange.grades(commodity, kin.clean.tolist())
        return Known(kin, float(np.mean([one == other for one, other in zip(said, kin.grades, strict=True)])))
