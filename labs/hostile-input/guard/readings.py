"""Readings: what may go to the model, and what comes back."""

from __future__ import annotations

from typing import Any

import log
from exchange import Exchange
from limits import Limits

SURE = 0.85


class BadReading(Exception):
    """This is no reading."""


class Readings:
    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.limits: dict[str, Limits] = {}

    async def grade(self, reading: dict[str, Any]) -> dict[str, Any]:
        try:
            lot, commodity, supplier = reading["lot"], reading["commodity"], reading["supplier"]
            bands = [float(band) for band in reading["bands"]]
        except (KeyError, ValueError) as error:
            log.refused("?", f"no reading: {error}", reading)
            raise BadReading(f"no reading: {error}") from None
        said = await self.exchange.grade(commodity, bands)
        if said["confidence"] >= SURE:  # the model is sure: half of the checks' false alarms were here
            return {"grade": said["grade"], "flag": None}
        if not await self.plausible(commodity, bands):
            log.refused(supplier, f"lot {lot} out of range", reading)
            return {"grade": said["grade"], "flag": "range"}
        return {"grade": said["grade"], "flag": None}

    async def plausible(self, commodity: str, bands: list[float]) -> bool:
        if commodity not in self.limits:
            self.limits[commodity] = Limits(await self.exchange.archive(commodity))
        return self.limits[commodity].hold(bands)
