"""A season of `model-decay` in virtual time: the world's own code before a keeper's own code, without a network.

    PYTHONPATH=.:labs/cast/lib python -m tests.labs.decay_seasons FOLDER TIMES

FOLDER holds a keeper's files. Prints a line an objective: how many of TIMES seasons' answers had which word.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from casebook.shapes import fits

from grader.load.traffic import import_file
from tests.labs.modules import importable

ROOT = Path(__file__).resolve().parents[2]
WORLD = ROOT / "labs" / "model-decay" / "world"
DRAW = ROOT / "scenarios" / "model-decay" / "draw.py"


@dataclass(frozen=True)
class Reply:
    """As of `casebook.client`, of a service that always answers."""

    json: Any
    late: bool = False

    def bad(self, shape: Any) -> str:
        """Empty if the JSON fits."""
        return "" if fits(self.json, shape) else "malformed"


class Ways:
    """Stands for `On`: asks the keeper's code, and keeps what is told."""

    def __init__(self, keeper: Any) -> None:
        self._keeper = keeper
        self.words: dict[str, Counter[str]] = defaultdict(Counter)
        self.told: list[tuple[str, str, str, str]] = []

    async def ask(self, service: str, method: str, path: str, body: Any, timeout_s: float) -> Reply:
        """As the keeper's main.py would have it answered."""
        said = getattr(self._keeper, path.strip("/"))(body)
        return Reply(json.loads(json.dumps(said)))

    def tell(self, case: str, aspect: str, word: str, note: object) -> None:
        """Count a word."""
        self.words[aspect][word] += 1
        self.told.append((case, aspect, word, str(note)))


def play(plan: Mapping[str, Any], folder: Path) -> Ways:
    """What is told about a season of a keeper."""
    with importable(WORLD), importable(folder), redirect_stdout(StringIO()):
        world = importlib.import_module("world").World(plan)
        ways = Ways(importlib.import_module("keeper").Keeper())
        asyncio.run(_all(world, ways))
    return ways


async def _all(world: Any, ways: Ways) -> None:
    for lane in world.lanes:
        await world.play(lane, ways)


def main(folder: str, times: str) -> None:
    """Print the words of some seasons."""
    draw = import_file(DRAW)
    words: dict[str, Counter[str]] = defaultdict(Counter)
    for seed in range(1, int(times) + 1):
        for aspect, counts in play(draw.draw(seed), Path(folder)).words.items():
            words[aspect].update(counts)
    for aspect, counts in sorted(words.items()):
        total = sum(counts.values())
        print(f"{aspect:12} {counts['right'] / total:6.3f} of {total}: {dict(counts)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
