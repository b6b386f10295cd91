"""A season of `phased-rollout` without a network: the world's own code before a plan's own text.

    PYTHONPATH=.:labs/cast/lib python -m tests.labs.rollout_seasons PLAN TIMES

PLAN is a plan.yaml. Prints a line an objective: how many of TIMES seasons' answers had which word.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casebook.shapes import fits

from grader.load.traffic import import_file
from tests.labs.modules import importable

ROOT = Path(__file__).resolve().parents[2]
WORLD = ROOT / "labs" / "phased-rollout" / "world"
DRAW = ROOT / "scenarios" / "phased-rollout" / "draw.py"


@dataclass(frozen=True)
class Reply:
    """As of `casebook.client`, which needs an image's packages: what the clerk answered."""

    json: Any
    error: str = ""

    def bad(self, shape: Any) -> str:
        """Empty if the JSON fits."""
        return "none" if self.error else "" if fits(self.json, shape) else "malformed"


def handed(text: str) -> Reply:
    """What the clerk hands out of a folder with a plan."""
    return Reply({"files": {"plan.yaml": text}, "left_out": {}})


@dataclass
class Told:
    """Stands for `On`: the clerk's answer, and what is told."""

    reply: Reply
    words: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    notes: list[tuple[str, str]] = field(default_factory=list)

    async def ask(self, *_: object, **__: object) -> Reply:
        """Whatever is asked."""
        return self.reply

    def tell(self, case: str, aspect: str, word: str, note: object) -> None:
        """Count a word."""
        self.words[aspect][word] += 1
        self.notes.append((case, str(note)))

    def tell_rest(self, case: str, word: str, note: object) -> None:
        """Count it, whatever was asked."""
        self.tell(case, "", word, note)


def play(plan: Mapping[str, Any], reply: Reply) -> tuple[Any, Told]:
    """The world after a season, and what it told."""
    with importable(WORLD):
        world, told = importlib.import_module("world").World(plan), Told(reply)
        asyncio.run(_all(world, told))
    return world, told


async def _all(world: Any, told: Told) -> None:
    for lane in world.lanes:
        await world.play(lane, told)


def main(plan: str, times: str) -> None:
    """Print the words of some seasons."""
    draw = import_file(DRAW)
    words: dict[str, Counter[str]] = defaultdict(Counter)
    for seed in range(1, int(times) + 1):
        _, told = play(draw.draw(seed), handed(Path(plan).read_text("utf-8")))
        for aspect, counts in told.words.items():
            words[aspect].update(counts)
    for aspect, counts in words.items():
        print(f"{aspect:15} {counts['right']:5} of {counts.total()} right: {dict(counts)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
