"""The jury: three readers of three vendors, and the digit that two of them see."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

import figures
from readers import Failed, Reader, Vote

JURY = ("aster", "bellis", "calla")
ENOUGH = 2


class NoVerdict(Exception):
    """The jury cannot say."""


@dataclass(frozen=True)
class Verdict:
    digit: int
    sure: bool
    receipts: list[str]


class Jury:
    def __init__(self) -> None:
        self.readers = [Reader(name) for name in JURY]

    async def read(self, pixels: list[int]) -> Verdict:
        """The digit on a label."""
        try:
            votes = await asyncio.gather(*(reader.read(pixels) for reader in self.readers))
        except Failed as error:
            figures.failed(str(error))
            raise NoVerdict(str(error)) from None
        return verdict(list(votes))


def verdict(votes: list[Vote]) -> Verdict:
    """What most of them see; of three different digits the first."""
    digit, many = Counter(vote.digit for vote in votes).most_common(1)[0]
    figures.voted(votes, digit)
    return Verdict(digit, many >= ENOUGH, [vote.receipt for vote in votes if vote.digit == digit])
