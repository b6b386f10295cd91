"""What the shop asks of the feature store: definitions registered, values at checkout, values for training."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from casebook import client
from definitions import Definition
from season import Moment, Season

ONLINE_S, REGISTERS_S, BATCH_S = 3.0, 2.0, 10.0
"""How long an answer is waited for: at checkout, of a definition, and of a whole batch of training rows."""
Values = dict[str, Any]


class Store:
    """The feature store, by its base URL."""

    def __init__(self, base: str) -> None:
        self._base = base

    async def healthy(self) -> bool:
        """Whether it says so."""
        return (await client.ask(self._base, "GET", "/healthz", timeout_s=1.0)).status == 200

    async def register(self, definitions: Sequence[Definition]) -> list[int]:
        """One after the other; the status of each answer."""
        asked = [client.ask(self._base, "POST", "/definitions", one.data, timeout_s=REGISTERS_S) for one in definitions]
        return [(await one).status for one in asked]

    async def online(self, season: Season, moment: Moment) -> Values | None:
        """The values at a checkout; None if there are none."""
        given = {"customer": moment.customer, "at": written(moment.at), "set": season.sets[moment.set]}
        reply = await client.ask(self._base, "POST", "/online", given, timeout_s=ONLINE_S)
        said = reply.json.get("values") if reply.status == 200 and isinstance(reply.json, dict) else None
        return said if isinstance(said, dict) else None

    async def training(self, season: Season, rows: Sequence[Moment], limit_s: float = BATCH_S) -> list[Values | None]:
        """The values of each row; one call for each set, one after the other. None where there are none."""
        ends = time.monotonic() + limit_s
        found: list[Values | None] = []
        for name, group in groupby(rows, key=lambda row: row.set):
            own = list(group)
            given = {
                "set": season.sets[name],
                "rows": [{"customer": row.customer, "at": written(row.at)} for row in own],
            }
            left = max(0.01, ends - time.monotonic())
            reply = await client.ask(self._base, "POST", "/training", given, timeout_s=left)
            said = reply.json.get("rows") if reply.status == 200 and isinstance(reply.json, dict) else None
            if not isinstance(said, list) or len(said) != len(own):
                said = [None] * len(own)
            found += [one if isinstance(one, dict) else None for one in said]
        return found


class Batches:
    """Training sets that were asked for, by number."""

    def __init__(self) -> None:
        self._found: dict[int, asyncio.Future[list[Values | None]]] = {}

    def future(self, number: int) -> asyncio.Future[list[Values | None]]:
        """What comes of a batch, now or later."""
        return self._found.setdefault(number, asyncio.get_running_loop().create_future())

    def done(self) -> list[int]:
        """Which have come."""
        return [number for number, one in self._found.items() if one.done()]


def written(at: datetime) -> str:
    """A moment, on the wire."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
