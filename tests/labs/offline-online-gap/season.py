"""`season.py LAB PLAN KIT`: a kit's code before a plan, in one process, without a network; prints words by aspect.

Run by the kit's own Python, which has what its image has. What the kit prints goes to stderr. At the gate its modules
are forgotten and imported anew, which is what a restart does to what it has in memory. So are the world's, at the
start: a kit may have modules of the same names.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import httpx

LAB, PLAN, KIT = map(Path, sys.argv[1:4])
sys.path[:0] = [str(LAB.parent / "cast" / "lib"), str(LAB / "world")]
import world  # noqa: E402
from casebook import strict  # noqa: E402
from casebook.book import Book  # noqa: E402
from casebook.client import Reply  # noqa: E402


class Near:
    """What a lane is given: asks that go to the kit at once; and the gates."""

    now = 0.0

    def __init__(self, book: Book) -> None:
        self.tell, self.tell_rest = book.tell, book.tell_rest
        self.seconds, self._starts = 0.0, 0
        self._start()

    def _start(self) -> None:
        self._starts += 1
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith((str(KIT), str(LAB / "world"))):
                del sys.modules[name]
        transport = httpx.ASGITransport(importlib.import_module("main").app, raise_app_exceptions=False)
        self._kit = httpx.AsyncClient(base_url="http://kit:8080", transport=transport)

    async def passed(self, _: str) -> None:
        """As `Gates.passed`, with the restart, once."""
        if self._starts == 1:
            self._start()

    async def ask(self, _: str, method: str, path: str, body: Any, timeout_s: float) -> Reply:
        """As `On.ask`."""
        begun = time.process_time()
        found = await self._kit.request(method, path, json=body, timeout=timeout_s)
        self.seconds += time.process_time() - begun
        try:
            return Reply(found.status_code, strict.loads(found.content), found.content)
        except ValueError as error:
            return Reply(found.status_code, None, found.content, error=str(error))


async def play(plan: dict[str, Any]) -> Book:
    """All lanes, which wait for each other in the middle."""
    book = Book(plan)
    near = Near(book)
    site = world.World(plan, near)
    await asyncio.gather(*(site.play(lane, near) for lane in site.lanes))
    print(f"{time.process_time():.2f} s, of it the kit {near.seconds:.2f}", file=sys.stderr)
    return book


if __name__ == "__main__":
    sys.path.insert(0, str(KIT))
    with contextlib.redirect_stdout(sys.stderr), tempfile.TemporaryDirectory() as data:
        os.environ.update(LISTEN="0.0.0.0:0", DATA=data)
        played = asyncio.run(play(json.loads(PLAN.read_text())))
    words: dict[str, Counter[str]] = defaultdict(Counter)
    for outcome in played.outcomes.values():
        words[outcome.question.aspect][outcome.word] += 1
        if "-v" in sys.argv and outcome.word != "right":
            print(outcome.question.aspect, outcome.word, outcome.note, file=sys.stderr)
    print(json.dumps(words))
