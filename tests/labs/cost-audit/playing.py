"""Run by the Python of an image: plays a plan against a planner that answers every fleet with the same.

On stdin `{"plan", "replies": [{"status", "json", "error"}]}`; on stdout for each reply what was told, and two pages.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from casebook.asks import On
from casebook.book import Book
from casebook.client import Reply
from world import World


class Planner(On):
    def __init__(self, book: Book, reply: Reply) -> None:
        super().__init__(book, {})
        self._reply = reply

    async def ask(self, *_: Any, **__: Any) -> Reply:
        return self._reply


async def played(plan: dict[str, Any], reply: Reply) -> dict[str, Any]:
    world, book = World(plan), Book(plan)
    await asyncio.gather(*(world.play(lane, Planner(book, reply)) for lane in world.lanes))
    told = [[outcome.question.aspect, outcome.word] for outcome in book.outcomes.values()]
    return {"told": told, "pages": [world.page(""), world.page(f"fleet/{plan['cases'][0]['id']}")]}


if __name__ == "__main__":
    given = json.load(sys.stdin)
    json.dump([asyncio.run(played(given["plan"], Reply(**reply))) for reply in given["replies"]], sys.stdout)
