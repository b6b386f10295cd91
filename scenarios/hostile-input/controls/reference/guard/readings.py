"""Readings: is this grain, may this lot be scanned again, and what does the model say."""

from __future__ import annotations

from collections import defaultdict

from exchange import Exchange
from plane import Plane
from schema import Reading

SCANS = 3


class Readings:
    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.scans: dict[str, int] = defaultdict(int)

    async def grade(self, reading: Reading) -> tuple[str, str | None]:
        """The model's grade, and a word if it is not to be relied on."""
        self.scans[reading.lot] += 1
        plane = await planes(self.exchange, reading.commodity)
        said = await self.exchange.grade(reading.commodity, reading.bands)
        if plane.strange([reading.bands])[0]:
            return said["grade"], "no grain looks like this"
        return said["grade"], "scanned too often" if self.scans[reading.lot] > SCANS else None


known: dict[str, Plane] = {}


async def planes(exchange: Exchange, commodity: str) -> Plane:
    """The plane of a commodity, made once."""
    if commodity not in known:
        known[commodity] = Plane(await exchange.archive(commodity))
    return known[commodity]
