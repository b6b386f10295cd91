"""What `/metrics` of the candidate's services said, twice a second and on demand."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Mapping
from urllib.parse import urlsplit

from casebook.client import ask
from casebook.strict import clean

from collector.samples import MAX_PAGE, NO_METRICS, NOTHING, Scrape, Series, parsed

EVERY_S, ANSWER_S = 0.5, 1.0
MOST_KEPT, FEW_KEPT = 150_000, 2
"""Samples that are kept of all looks, and looks of a page that are kept whatever their size."""


class Scrapes:
    """Looks at pages.

    Args:
        targets: URL by name, `http://embed:8080/metrics`.

    Attributes:
        words: how often each word came, by name.
    """

    def __init__(self, targets: Mapping[str, str]) -> None:
        self._targets = dict(targets)
        self._kept: dict[str, deque[Scrape]] = {name: deque() for name in targets}
        self.words: dict[str, Counter[str]] = {name: Counter() for name in targets}
        self._known: dict[Series, Series] = {}
        self._size = 0
        self._loop: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Look twice a second from now on; nothing if it does already."""
        if self._loop is None and self._targets:
            self._loop = asyncio.create_task(self._look())

    def latest(self, name: str) -> Scrape:
        """The last look at a page that has ended."""
        return self._kept[name][-1] if self._kept[name] else NOTHING

    def history(self, name: str) -> list[Scrape]:
        """All looks that are kept, by when they were asked for."""
        return sorted(self._kept[name], key=lambda scrape: scrape.at)

    async def now(self) -> dict[str, Scrape]:
        """Look at all pages, side by side: 1 s at most each."""
        return dict(zip(self._targets, await asyncio.gather(*map(self._one, self._targets)), strict=True))

    async def _look(self) -> None:
        running: dict[str, asyncio.Task[Scrape]] = {}
        while True:
            for name in self._targets:
                if name not in running or running[name].done():  # one that hangs is not asked again meanwhile
                    running[name] = asyncio.create_task(self._one(name))
            await asyncio.sleep(EVERY_S)

    async def _one(self, name: str) -> Scrape:
        at, url = time.time(), urlsplit(self._targets[name])
        reply = await ask(f"{url.scheme}://{url.netloc}", "GET", url.path or "/metrics", timeout_s=ANSWER_S)
        if reply.status != 200:
            made = Scrape(at, reply.seconds, "none", reply.error or f"status {reply.status}")
        elif len(reply.body) > MAX_PAGE:
            made = Scrape(at, reply.seconds, "malformed", f"over {MAX_PAGE} bytes")
        else:
            try:
                samples = await asyncio.to_thread(parsed, reply.body)
                made = Scrape(
                    at, reply.seconds, "ok", samples={self._known.setdefault(k, k): v for k, v in samples.items()}
                )
            except NO_METRICS as error:
                made = Scrape(at, reply.seconds, "malformed", clean(error, 200))
        self._keep(name, made)
        return made

    def _keep(self, name: str, scrape: Scrape) -> None:
        self.words[name][scrape.word] += 1
        self._kept[name].append(scrape)
        self._size += 1 + len(scrape.samples)
        while self._size > MOST_KEPT:
            longest = max(self._kept.values(), key=len)
            if len(longest) <= FEW_KEPT:
                break
            self._size -= 1 + len(longest.popleft().samples)
        if len(self._known) > MOST_KEPT:
            self._known.clear()
