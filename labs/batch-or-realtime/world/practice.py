"""In practice nobody tells the pool a key or the time, so this does: those by which load.py judges and dates."""

from __future__ import annotations

import asyncio
import json
import os
import time
import urllib.request

from calendar_days import PRACTICE_DAY_S, SPAN_S, practice, text
from season import key_of

LATER_S = 3.0  # an exam has come before


class PracticeClock:
    """Sets key and clock of the pool in whose process it runs, at its control port."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Set them soon, unless it is ended before."""
        self.end()
        self._task = asyncio.get_running_loop().create_task(self._later())

    def end(self) -> None:
        """Do not set them any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _later(self) -> None:
        await asyncio.sleep(LATER_S)
        await asyncio.to_thread(post, "plan", {"key": key_of("practice"), "practice": True})
        while True:  # once, and again where practice begins again
            await asyncio.to_thread(post, "clock", {"now": text(practice(time.time())), "day_s": PRACTICE_DAY_S})
            await asyncio.sleep(SPAN_S - time.time() % SPAN_S)


def post(path: str, body: dict[str, object]) -> None:
    """Tell the pool's own control port."""
    url = f"http://127.0.0.1:{os.environ['CONTROL'].rpartition(':')[2]}/{path}"
    token = {"authorization": f"Bearer {os.environ['BROWNOUT_TOKEN']}"}
    urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), token), timeout=5).close()  # noqa: S310
