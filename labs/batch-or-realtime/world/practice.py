"""In practice nobody sets the pool's clock, so this does: to the time of practice, by which load.py dates payments."""

from __future__ import annotations

import asyncio
import json
import os
import time
import urllib.request

from calendar_days import PRACTICE_DAY_S, SPAN_S, practice, text

LATER_S = 3.0  # an exam has come before


class PracticeClock:
    """Sets the clock of the pool in whose process it runs, at its control port."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Set it soon, unless it is ended before."""
        self.end()
        self._task = asyncio.get_running_loop().create_task(self._later())

    def end(self) -> None:
        """Do not set it any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _later(self) -> None:
        await asyncio.sleep(LATER_S)
        while True:  # once, and again where practice begins again
            await asyncio.to_thread(post, {"now": text(practice(time.time())), "day_s": PRACTICE_DAY_S})
            await asyncio.sleep(SPAN_S - time.time() % SPAN_S)


def post(clock: dict[str, object]) -> None:
    """Tell the pool's own control port."""
    url = f"http://127.0.0.1:{os.environ['CONTROL'].rpartition(':')[2]}/clock"
    token = {"authorization": f"Bearer {os.environ['BROWNOUT_TOKEN']}"}
    urllib.request.urlopen(urllib.request.Request(url, json.dumps(clock).encode(), token), timeout=5).close()  # noqa: S310
