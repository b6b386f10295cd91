"""What a band can be."""

from __future__ import annotations

from typing import Any

SLACK = 2.0


class Limits:
    """From the archive's lowest to its highest value of each band, with some room for other harvests."""

    def __init__(self, readings: list[dict[str, Any]]) -> None:
        columns = list(zip(*(reading["bands"] for reading in readings), strict=True))
        self.low = [min(column) / SLACK for column in columns]
        self.high = [max(column) * SLACK for column in columns]

    def hold(self, bands: list[float]) -> bool:
        return all(low <= band <= high for low, band, high in zip(self.low, bands, self.high, strict=False))
