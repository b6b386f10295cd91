"""Run by the Python of an image: plays a plan against a doctor who looks at the nodes and always says the same.

On stdin `{"plan", "replies": [{"status", "json", "error"}]}`; on stdout for each reply what was told, whether a cell
could be tested meanwhile, afterwards and by the id of its case, and the pages.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from casebook.asks import On
from casebook.book import Book
from casebook.calls import Absent, Call
from casebook.client import Reply
from world import World


def tested(world: World, cell: str) -> bool:
    try:
        world.routes["GET /cells/{cell}/nodes"](Call({"cell": cell}, {}, {}, b""))
    except Absent:
        return False
    return True


class Doctor(On):
    def __init__(self, book: Book, world: World, reply: Reply) -> None:
        super().__init__(book, {})
        self._world, self._reply = world, reply
        self.names: list[str] = []
        self.meanwhile: list[bool] = []

    async def ask(self, service: str, method: str, path: str, body: Any = None, timeout_s: float = 5.0) -> Reply:
        self.names.append(body["cell"].removeprefix("/cells/"))
        self.meanwhile.append(tested(self._world, self.names[-1]))
        return self._reply


async def played(plan: dict[str, Any], reply: Reply) -> dict[str, Any]:
    world, book = World(plan), Book(plan)
    on = Doctor(book, world, reply)
    await asyncio.gather(*(world.play(lane, on) for lane in world.lanes))
    first = plan["cases"][0]["id"]
    return {
        "told": [[outcome.question.case, outcome.question.aspect, outcome.word] for outcome in book.outcomes.values()],
        "meanwhile": all(on.meanwhile),
        "afterwards": any(tested(world, name) for name in on.names),
        "by hand": tested(world, first),
        "pages": [world.page(""), world.page(first), world.page("no such cell")],
    }


if __name__ == "__main__":
    given = json.load(sys.stdin)
    json.dump([asyncio.run(played(given["plan"], Reply(**reply))) for reply in given["replies"]], sys.stdout)
