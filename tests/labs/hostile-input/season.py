"""`season.py LAB PLAN GUARD`: a guard's code before a plan, in one process, without a network; prints words by aspect.

Run by the guard's own Python, which has what its image has. What the guard prints goes to stderr.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

LAB, PLAN, GUARD = map(Path, sys.argv[1:4])


@contextlib.contextmanager
def alone(*folders: Path) -> Iterator[None]:
    """Modules of these folders can be imported; afterwards their names are free for others."""
    before = set(sys.modules)
    sys.path[:0] = map(str, folders)
    yield
    del sys.path[: len(folders)]
    for name in set(sys.modules) - before:
        if "." not in name and Path(getattr(sys.modules[name], "__file__", None) or "/").parent in folders:
            del sys.modules[name]


class Within(httpx.AsyncClient):
    """A client whose requests reach an application without a network; what a guard's code takes for httpx's own."""

    application: Any = None

    def __init__(self, base_url: str, application: Any = None, **_: Any) -> None:
        transport = httpx.ASGITransport(application or self.application, raise_app_exceptions=False)
        super().__init__(base_url=base_url, transport=transport, verify=False)


sys.path.insert(0, str(LAB.parent / "cast" / "lib"))
with alone(LAB / "world"):
    import world
from casebook import strict  # noqa: E402
from casebook.book import Book  # noqa: E402
from casebook.calls import router  # noqa: E402
from casebook.client import Reply  # noqa: E402


class Near:
    """What a lane is given: asks that go to the guard at once."""

    lap = 0

    def __init__(self, book: Book, guard: httpx.AsyncClient) -> None:
        self.tell, self.tell_rest = book.tell, book.tell_rest
        self._guard = guard

    async def ask(self, _: str, method: str, path: str, body: bytes, timeout_s: float) -> Reply:
        """As `On.ask`."""
        found = await self._guard.request(method, path, content=body, timeout=timeout_s)
        try:
            return Reply(found.status_code, strict.loads(found.content), found.content)
        except ValueError as error:
            return Reply(found.status_code, None, found.content, error=str(error))


async def play(plan: dict[str, Any]) -> Book:
    """All lanes, one after the other."""
    world.RECORDS_S = 0
    exchange, book = world.World(plan), Book(plan)
    Within.application = router(exchange.routes)
    httpx.AsyncClient = Within  # type: ignore[misc]
    os.environ.update(EXCHANGE="http://exchange:8000", LISTEN="0.0.0.0:0")
    with alone(GUARD):
        import main
    near = Near(book, Within("http://guard:8080", main.app))
    for lane in exchange.lanes:
        await exchange.play(lane, near)
    return book


with contextlib.redirect_stdout(sys.stderr):
    played = asyncio.run(play(json.loads(PLAN.read_text())))
words: dict[str, Counter[str]] = defaultdict(Counter)
for outcome in played.outcomes.values():
    words[outcome.question.aspect][outcome.word] += 1
print(json.dumps(words))
