"""The release pipeline: has the api release and roll back, one thing after the other, and keeps the ids."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import time
from collections import deque
from typing import Any
from urllib.request import Request, urlopen

from casebook import client
from days import Days
from recent import Recent

PATIENCE_S = 4.0
EVERY_S = 9.0
EVERYDAY = ("release", "release", "release", "back", "forward")
"""The everyday: two good releases, a bad one, back from it, and the good one of the night after."""
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,79}")


class Pipeline:
    """`ids` has the id of each release that was answered. `foundry` is the base URL of its control port."""

    def __init__(self, api: str, foundry: str, recent: Recent) -> None:
        self._api, self._foundry, self._recent = api, foundry, recent
        self.days, self.ids = Days(0), dict[int, str]()
        self._acts: deque[dict[str, Any]] = deque(maxlen=40)
        self._everyday: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._planned, self._newest, self._force = False, 0, 0

    def whose(self, release: object) -> list[int]:
        """Which releases were answered with this id: more than one if it was given twice."""
        return [k for k, known in self.ids.items() if known == release]

    def begin(self) -> None:
        """The everyday begins, unless it has begun, or an exam has a plan."""
        if self._everyday is None and not self._planned:
            self._everyday = asyncio.get_running_loop().create_task(self._days_go_by())

    def plan(self, seed: int, before: int) -> None:
        """An exam's or a rehearsal's: all begins anew, and nothing happens by itself."""
        self._planned = True
        if self._everyday is not None:
            self._everyday.cancel()
        self._everyday = None
        self.days, self._newest, self._force = Days(seed, before), 0, 0
        self.ids.clear()
        self._recent.forget()

    def rest(self) -> None:
        """The plan is over: the everyday may go on."""
        self._planned = False

    def act(self, do: str, k: int) -> None:
        """Begin to release the k-th, or to roll back to it; 0 is the next one, or the one before what is in force."""
        if do not in ("release", "rollback"):
            raise ValueError("do: release or rollback")
        task = asyncio.get_running_loop().create_task(self._release(k) if do == "release" else self._rollback(k))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def state(self) -> dict[str, Any]:
        """For a ledger."""
        return {"newest": self._newest, "force": self._force, "ids": {str(k): id_ for k, id_ in self.ids.items()}}

    def told(self) -> list[dict[str, Any]]:
        """For people: what was done, the newest first."""
        return list(self._acts)

    async def _release(self, k: int) -> None:
        if not k:
            k = self._newest + 1
            await asyncio.to_thread(self._tell, "/due", {"k": k})
        self._newest = max(self._newest, k)
        payload = {"params": self.days.release(k).params}
        reply = await client.ask(self._api, "POST", "/releases", payload, timeout_s=PATIENCE_S)
        id_ = reply.json.get("release") if isinstance(reply.json, dict) else None
        good = reply.status == 201 and isinstance(id_, str) and ID.fullmatch(id_) is not None
        odd = "an id that is no text, or no good one" if reply.status == 201 and not good else reply.error
        self._done("release", k, str(id_), f"{reply.status} in {reply.seconds:.2f} s {odd}")
        if good:
            self.ids[k] = str(id_)
            self._in_force(k)

    async def _rollback(self, k: int) -> None:
        k = k or max((known for known in self.ids if known < self._force), default=0)
        if k not in self.ids:
            return
        reply = await client.ask(self._api, "POST", "/rollback", {"release": self.ids[k]}, timeout_s=PATIENCE_S)
        self._done("rollback", k, self.ids[k], f"{reply.status} in {reply.seconds:.2f} s {reply.error}")
        if reply.status == 200:
            self._in_force(k)

    def _in_force(self, k: int) -> None:
        self._force = k
        self._recent.ordered(time.time(), k)

    def _done(self, what: str, k: int, id_: str, said: str) -> None:
        made = self.days.release(k)
        what = f"{what} no. {k}: {made.date}, {made.code}" + (", the table is broken" if made.broken else "")
        now = time.strftime("%H:%M:%S", time.gmtime())
        self._acts.appendleft({"time": now, "what": what, "release": id_, "said": said.strip()})

    def _tell(self, path: str, payload: object) -> None:
        """The foundry, what is to be there; where no exam does."""
        headers = {"authorization": f"Bearer {os.environ['BROWNOUT_TOKEN']}", "content-type": "application/json"}
        asked = Request(self._foundry + path, json.dumps(payload).encode(), headers)
        with contextlib.suppress(OSError), urlopen(asked, timeout=PATIENCE_S) as answer:
            answer.read()

    async def _days_go_by(self) -> None:
        """Releases and rollbacks, for ever."""
        seed = int.from_bytes(os.urandom(4), "big")
        self.days = Days(seed)
        await asyncio.to_thread(self._tell, "/plan", {"seed": seed})
        while True:
            for what in EVERYDAY:
                if what == "back":
                    await self._rollback(0)
                elif what == "release":
                    await self._release(0)
                await asyncio.sleep(EVERY_S)
