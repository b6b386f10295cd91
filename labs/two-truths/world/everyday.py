"""The everyday of the lab: seasons without end; each checkout is asked again through training, and both are kept."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from asking import Store, Values
from definitions import BASE, Definition
from season import Moment, Season
from tables import Tables

KEEPS = 48
SINCE = timedelta(days=21)


@dataclass(frozen=True)
class Seen:
    """A checkout: what is so, what the store said then, what training says of that moment; and of one three weeks
    before, what is so and what training says."""

    moment: Moment
    features: dict[str, int]
    defined: dict[str, Any]
    online: Values
    training: Values
    before: dict[str, Any]
    training_before: Values


class Everyday:
    """Checkouts of one season after another, until it is stopped."""

    def __init__(self, tables: Tables, store: Store) -> None:
        self._tables, self._store = tables, store
        self.seen: deque[Seen] = deque(maxlen=KEEPS)
        self._season: Season | None = None
        self._next = self._laps = 0
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        """Another plan comes: what was there is forgotten."""
        self._season = None
        self.seen.clear()

    async def checkout(self) -> Values | None:
        """The next one."""
        async with self._turn:
            season = self._season
            if season is None or self._next >= len(season.checkouts):
                self._laps += 1
                season = await asyncio.to_thread(Season, int.from_bytes(os.urandom(4), "big"), 1 + self._laps)
                await self._tables.begin(season)
                self._season, self._next = season, 0
            moment = season.checkouts[self._next]
            self._next += 1
            if self._next % 20 == 1:
                await self._store.register(definitions(season))
        await self._tables.write(moment.customer, moment.at)
        values = await self._store.online(season, moment)
        task = asyncio.get_running_loop().create_task(self._compare(season, moment, values or {}))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return values

    async def _compare(self, season: Season, moment: Moment, online: Values) -> None:
        before = Moment(moment.customer, moment.at - SINCE, moment.set, moment.kind)
        said = await self._store.training(season, [moment, before])
        now, then = (one or {} for one in said)
        true, was = season.values(moment), season.values(before)
        self.seen.append(Seen(moment, season.sets[moment.set], true, online, now, was, then))


def definitions(season: Season) -> list[Definition]:
    """All of a season, as often as they are registered."""
    return [*BASE, *season.registered_later]
