"""A season in virtual time: a world's own code before a function that stands for the candidate's service.

For what a world makes of odd answers. What it makes of real code is `lab play`'s to show.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casebook.shapes import fits

from tests.labs.modules import importable

Answer = Callable[[str, Any], Any]
"""What is said, by path and body: JSON, or a `Reply` as it is."""


@dataclass(frozen=True)
class Reply:
    """As of `casebook.client`, which needs an image's packages."""

    json: Any = None
    status: int = 200
    seconds: float = 0.01
    error: str = ""
    late: bool = False

    def bad(self, shape: Any) -> str:
        """Empty if the JSON fits."""
        if self.status == 0 or self.status >= 500:
            return "none"
        return "" if not self.error and fits(self.json, shape) else "malformed"


LATE = Reply(status=0, seconds=2.0, error="no whole answer within 2 s", late=True)


def handed(files: Mapping[str, str], left_out: Mapping[str, str] | None = None) -> Reply:
    """What the clerk hands out."""
    return Reply({"files": dict(files), "left_out": dict(left_out or {})})


class Ways:
    """Stands for `On`: asks a function, and keeps what is told. `rest` are words for all that was left of a case."""

    lap = 0

    def __init__(self, answer: Answer, now: float = 0.0) -> None:
        self.now = now
        self.asked: Counter[str] = Counter()
        self.words: dict[str, Counter[str]] = defaultdict(Counter)
        self.told: list[tuple[str, str, str, str]] = []
        self._answer = answer

    async def ask(self, service: str, method: str, path: str, body: Any = None, timeout_s: float = 5.0) -> Reply:
        """What the function says, by way of JSON."""
        self.asked[path] += 1
        said = self._answer(path, body if isinstance(body, bytes) else json.loads(json.dumps(body)))
        return said if isinstance(said, Reply) else Reply(json.loads(json.dumps(said)))

    def tell(self, case: str, aspect: str, word: str, note: object = "") -> None:
        """Count a word."""
        self.words[aspect][word] += 1
        self.told.append((case, aspect, word, str(note)))

    def tell_rest(self, case: str, word: str, note: object = "") -> None:
        """Of a case that was given up."""
        self.tell(case, "rest", word, note)


def made(folder: Path, plan: Mapping[str, Any]) -> Any:
    """The world of a lab's `world` folder."""
    with importable(folder):
        return importlib.import_module("world").World(plan)


def play(world: Any, answer: Answer, now: float = 0.0) -> Ways:
    """What is told when a world plays all its lanes, one after the other."""
    ways = Ways(answer, now)

    async def all_lanes() -> None:
        for lane in world.lanes:
            await world.play(lane, ways)

    asyncio.run(all_lanes())
    return ways
