"""Compares both versions claim by claim, and commits: a release in, a release out, or the way back."""

from __future__ import annotations

import asyncio
import math
import time
from collections import defaultdict, deque
from typing import Any

import figures
import httpx
from desired import Desired
from evidence import Alarm, Tally, wealth

MATURE_S, END_S = 2.8, 6.9
SURE = math.log(40)
ASKED, IN_TIME = 40, 0.9
LATE_S = 0.1


class Referee:
    def __init__(self, url: str, desired: Desired, in_time: deque[bool]) -> None:
        self.client = httpx.AsyncClient(base_url=url, timeout=10, trust_env=False)
        self.desired, self.in_time = desired, in_time
        self.seq = 0
        self.begin()

    def begin(self) -> None:
        """Another commit: who is compared with whom is new."""
        self.revision, self.day, self.began = self.desired.revision, self.desired.day, time.monotonic()
        self.said: dict[str, dict[str, str]] = defaultdict(dict)
        self.came: dict[str, tuple[float, str]] = {}
        self.labels: dict[str, str] = {}
        self.all, self.by = Tally(), defaultdict(Tally)
        self.alarm = Alarm()
        self.in_time.clear()

    def decided(self, version: str, items: list[dict[str, Any]], found: list[dict[str, Any]]) -> None:
        for item, answer in zip(items, found, strict=True):
            self.said[item["id"]][version] = answer["decision"]
            self.came.setdefault(item["id"], (time.monotonic(), item["region"]))

    async def listen(self) -> None:
        while True:
            try:
                found = (await self.client.get("/labels", params={"after": self.seq, "wait_s": 5})).json()
            except (httpx.HTTPError, ValueError) as error:
                figures.log.warning("no labels", extra={"more": {"why": repr(error)}})
                await asyncio.sleep(0.5)
                continue
            for row in found["rows"]:
                if row["id"] not in self.labels:
                    self.heard(row["id"], row["label"])
                self.labels[row["id"]] = row["label"]
            self.seq = found["last"]

    def heard(self, id: str, label: str) -> None:
        """For the alarm a first word is enough."""
        said, live, other = self.said.get(id, {}), self.desired.live, self.desired.shadow
        if live in said and other in said:
            self.alarm.hear(said[live] == label, said[other] == label)

    async def follow(self) -> None:
        while True:
            await asyncio.sleep(LATE_S)
            if self.desired.revision != self.revision:
                self.begin()
            try:
                await self.look()
            except httpx.HTTPError as error:
                figures.log.warning("no commit", extra={"more": {"why": repr(error)}})

    async def look(self) -> None:
        live, other = self.desired.live, self.desired.shadow
        if other is None:
            return
        self.ripen(live, other)
        if self.desired.author == "api":
            if self.alarm.loud:
                await self.desired.commit(other, None, f"{live} went bad")
            return
        word = self.word(over=time.monotonic() - self.began >= END_S)
        if word == "fit":
            await self.desired.commit(other, live, self.why())
        elif word == "unfit":
            await self.desired.commit(live, None, self.why())

    def ripen(self, live: str, other: str) -> None:
        """Count each claim once, when it is old enough to have its label."""
        until = time.monotonic() - MATURE_S
        for id in [id for id, (came, _) in self.came.items() if came <= until]:
            _, region = self.came.pop(id)
            said, label = self.said.pop(id), self.labels.get(id)
            if label and len(said) == 2:
                for tally in (self.all, self.by[region]):
                    tally.add(said[other] == label, said[live] == label)

    def word(self, *, over: bool) -> str:
        """`fit`, `unfit`, or nothing yet."""
        asked = self.in_time
        slow = sum(asked) < IN_TIME * len(asked)
        bad = wealth(self.all.lost, self.all.won, 0.54) > SURE or any(
            wealth(one.lost, one.won, 0.65) > SURE for one in self.by.values()
        )
        if bad or (slow and len(asked) >= ASKED):
            return "unfit"
        sure = wealth(self.all.won, self.all.lost, 0.48) > SURE
        sure = sure and all(one.many >= 40 and one.gain >= -0.05 for one in self.by.values())
        if sure and not slow and len(asked) >= ASKED:
            return "fit"
        if not over:
            return ""
        good = self.all.many >= 150 and self.all.gain >= -0.02 and not slow
        return "fit" if good and all(one.gain >= -0.15 for one in self.by.values()) else "unfit"

    def why(self) -> str:
        of = ", ".join(f"{region} {one.gain:+.0%}" for region, one in sorted(self.by.items()))
        return f"of {self.all.many} claims {self.all.won} won, {self.all.lost} lost; {of}"[:290]
