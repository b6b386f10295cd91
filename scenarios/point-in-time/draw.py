"""Draws which rows of a season are asked for: rows that a hasty join gets right by luck would tell nothing."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

from common.names import generator, named

from grader.labkit import world

with world(__file__):
    from history import DAY, Feed, Number, Season

if TYPE_CHECKING:
    from casebook.plan import Plan
    from world import Row

CLEAR = 60
"""Nothing is published, and nothing becomes too old, so near to a moment that is asked about, seconds."""
SIDES, ABSENT = ("courier", "district"), ("never", "absent", "expired")

TRAINING = {
    "training": {"plain": 100},
    "hindsight": {f"{side} {why}": 25 for side in SIDES for why in ("unpublished", "corrected")},
    "stale": {
        "courier never": 14,
        "courier absent": 10,
        "courier expired": 10,
        "district never": 10,
        "district absent": 8,
        "district expired": 8,
    },
}
ONLINE = {
    "online": {"plain": 102},
    "late": {
        "courier late": 24,
        "courier overtaken": 22,
        "courier corrected": 22,
        "district overtaken": 17,
        "district corrected": 17,
    },
    "stale": {
        "courier never": 8,
        "courier absent": 5,
        "courier expired": 8,
        "district absent": 3,
        "district expired": 6,
    },
}
"""How many rows of each kind are asked for, by what is asked of them."""


class Side:
    """One table of a season, and what can be said of a moment of one of its keys."""

    def __init__(self, season: Season, feed: Feed) -> None:
        self.feed, self._pushes = feed, season.pushes
        sent = [max((n.ends for n in feed.between(*push)), default=0) for push in _spans(season.pushes)]
        self._newest = list(accumulate(sent, max))

    def clear(self, key: str, moment: int) -> bool:
        """Whether nothing happens to a key's numbers around a moment."""
        ttl = self.feed.table.ttl
        return all(
            abs(number.published - moment) > CLEAR and abs(number.ends + ttl - moment) > CLEAR
            for number in self._near(key, moment)
        )

    def trained(self, key: str, moment: int) -> str:
        """Which trap a training row holds: what would be joined if nobody asked when it was published."""
        right = self.feed.known(key, moment)
        if right is None:
            return self._absent(key, moment)
        joined = self.feed.about(key, right.ends, moment)[-1]
        if joined == right:
            return "plain"
        return "corrected" if joined.ends == right.ends else "unpublished"

    def read(self, key: str, moment: int) -> str:
        """Which trap a read holds: how the right number came."""
        right = self.feed.known(key, moment)
        if right is None:
            return self._absent(key, moment)
        if self._late(right):
            return "late"
        last = max((n for n in self._near(key, moment) if n.published <= moment), key=lambda n: n.published)
        if last != right:
            return "overtaken"  # by a correction of something older
        return "plain" if right.first else "corrected"

    def _late(self, number: Number) -> bool:
        """Whether something about a later time was sent before."""
        push = bisect_left(self._pushes, number.published)
        return push > 0 and self._newest[push - 1] > number.ends

    def _absent(self, key: str, moment: int) -> str:
        """Why there is nothing: no number yet, none for long, or one that is too old and was published of late."""
        known = [number for number in self.feed.about(key, 0, moment) if number.published <= moment]
        if not known:
            return "never"
        return "expired" if known[-1].published >= moment - self.feed.table.ttl else "absent"

    def _near(self, key: str, moment: int) -> list[Number]:
        return self.feed.about(key, moment - 2 * self.feed.table.ttl - DAY, moment)


def draw(seed: int, share: float = 1) -> Plan[Row]:
    """A plan; `share` is that of an exam's rows."""
    season, rng = Season(seed), generator(seed, "rows")
    sides = [Side(season, feed) for feed in season.feeds]
    rows: list[Row] = []
    for online, wanted in ((False, TRAINING), (True, ONLINE)):
        left = {(aspect, kind): int(n * share) for aspect, kinds in wanted.items() for kind, n in kinds.items()}
        moments = _moments(rng, season, online)
        while any(left.values()):
            moment, keys = next(moments), [rng.choice(side.feed.keys) for side in sides]
            both = list(zip(sides, keys, strict=True))
            if not all(side.clear(key, moment) for side, key in both):
                continue
            traps = [side.read(key, moment) if online else side.trained(key, moment) for side, key in both]
            fits = [each for each in _kinds(traps, online) if left.get(each)]
            if fits:
                aspect, kind = rng.choice(fits)
                left[aspect, kind] -= 1
                asked = {aspect: 1, "agree": 1} if online else {aspect: 1, "whole": 1}
                rows.append({"id": named(seed, len(rows)), "asked": asked, "courier": keys[0], "district": keys[1],
                             "moment": moment, "online": online, "kind": kind})  # fmt: skip
    rng.shuffle(rows)
    return {"seed": seed, "cases": rows}


def _moments(rng: random.Random, season: Season, online: bool) -> Iterator[int]:
    """When rows are asked about: reads as soon as something was sent, training rows at any time."""
    pushes = [push for push in season.pushes if push > 2 * DAY]
    while True:
        yield rng.choice(pushes) if online else rng.randrange(2 * DAY, pushes[-1] - DAY // 2)


def _kinds(traps: list[str], online: bool) -> Iterator[tuple[str, str]]:
    """What a row with these traps can be asked for."""
    if stale := [f"{side} {trap}" for side, trap in zip(SIDES, traps, strict=True) if trap in ABSENT]:
        yield from (("stale", kind) for kind in stale)
    elif traps == ["plain", "plain"]:
        yield ("online" if online else "training"), "plain"
    else:
        aspect = "late" if online else "hindsight"
        yield from ((aspect, f"{side} {trap}") for side, trap in zip(SIDES, traps, strict=True) if trap != "plain")


def _spans(pushes: list[int]) -> Iterator[tuple[int, int]]:
    """From each push to the next."""
    yield from zip([-1, *pushes[:-1]], pushes, strict=True)


def public() -> Plan[Row]:
    """The plan that the lab carries."""
    return draw(20260304, share=0.5)
