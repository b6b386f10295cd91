"""Which edition of the articles is the current one.

Search tells its revision for free. It is asked for at both replicas five times a second, and every search result tells
it as well. An edition is believed for `lease_s` after the last time it was confirmed; without a lease nothing is
served from memory. Editions are numbered here by a generation that only grows, because a revision starts again from 0
when search does.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
import telemetry

ROUND_TIMEOUT_S = 0.4


@dataclass(frozen=True, slots=True)
class Edition:
    generation: int
    revision: int


class Editions:
    def __init__(self, client: httpx.AsyncClient, replicas: dict[str, str], every_s: float, lease_s: float) -> None:
        self._client = client
        self._replicas = replicas
        self._every_s = every_s
        self._lease_s = lease_s
        self._edition: Edition | None = None
        self._adopted_at = self._confirmed_at = float("-inf")
        self._listeners: list[Callable[[Edition], None]] = []

    def on_change(self, listener: Callable[[Edition], None]) -> None:
        self._listeners.append(listener)

    def current(self) -> Edition | None:
        """The edition, unless it has not been confirmed for too long."""
        if time.monotonic() - self._confirmed_at > self._lease_s:
            return None
        return self._edition

    def observe(self, revision: int, began: float) -> Edition | None:
        """What a search result, asked for at `began`, says. Its edition; None if it is not the current one.

        A lower revision is not believed here: a replica may lag. Whether search began anew the watch finds out.
        """
        if self._edition is None or revision > self._edition.revision:
            self._adopt(revision, began)
        elif revision < self._edition.revision:
            return None
        self._confirmed_at = max(self._confirmed_at, began)
        return self._edition

    async def look(self) -> bool:
        """Ask both replicas once; whether one of them answered."""
        began = time.monotonic()
        said = await asyncio.gather(*(self._revision(url) for url in self._replicas.values()))
        heard = [revision for revision in said if revision is not None]
        telemetry.revision_looks.labels("ok" if heard else "failed").inc()
        if not heard:
            return False
        newest = max(heard)
        if self._edition is not None and newest < self._edition.revision:
            if began <= self._adopted_at:
                return True  # asked before the newer one was adopted: tells nothing
            self._adopt(newest, began)
        self.observe(newest, began)
        return True

    async def watch(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:  # whatever it is, the watch must go on
                telemetry.log.exception("the look at the revision failed")
            await asyncio.sleep(self._every_s)

    def _adopt(self, revision: int, began: float) -> None:
        generation = self._edition.generation + 1 if self._edition else 1
        self._edition = Edition(generation, revision)
        self._adopted_at = time.monotonic()
        self._confirmed_at = max(self._confirmed_at, began)
        telemetry.revision.set(revision)
        for listener in self._listeners:
            listener(self._edition)

    async def _revision(self, url: str) -> int | None:
        try:
            response = await self._client.get(f"{url}/revision", timeout=ROUND_TIMEOUT_S)
            response.raise_for_status()
            return int(response.json()["revision"])
        except (httpx.HTTPError, ValueError, LookupError, TypeError):
            return None
