"""Decides about a release that is in shadow."""

from __future__ import annotations

import asyncio
from collections import Counter

import figures
import httpx
from comparison import Comparison
from desired import Desired

LEAST = 150  # labels; the board wants releases to be quick
MARGIN = 0.02
MOST_FAILED = 0.05
EVERY_S = 0.1


class Trial:
    def __init__(self, desired: Desired, comparison: Comparison) -> None:
        self.desired, self.comparison = desired, comparison
        self.calls: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.release = 0

    def count(self, version: str, failed: bool) -> None:
        self.calls[version] += 1
        self.failed[version] += failed

    async def follow(self) -> None:
        """A commit of a person that names a shadow begins a trial."""
        while True:
            await asyncio.sleep(EVERY_S)
            desired = self.desired
            if desired.shadow is None or desired.author == "api":
                continue
            if desired.revision != self.release:
                self.release = desired.revision
                self.calls.clear()
                self.failed.clear()
                self.comparison.reset()
            if self.comparison.labels >= LEAST:
                try:
                    await self.decide()
                except httpx.HTTPError as error:
                    figures.log.warning("no commit", extra={"more": {"why": repr(error)}})

    async def decide(self) -> None:
        live, shadow = self.desired.live, self.desired.shadow
        right, labels = self.comparison.right, self.comparison.labels
        said = f"of {labels} labels {shadow} has {right[shadow]}, {live} {right[live]}"
        fit = right[shadow] >= right[live] - MARGIN * labels
        fit = fit and self.failed[shadow] <= MOST_FAILED * self.calls[shadow]
        figures.log.info("decided", extra={"more": {"fit": fit, "why": said}})
        if fit:
            await self.desired.commit(shadow, live, f"fit: {said}")
        else:
            await self.desired.commit(live, None, f"not fit: {said}")
