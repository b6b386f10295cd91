"""A season of `capacity-plan` in virtual time: the world's own code before a planner's own code, without a network."""

from __future__ import annotations

import asyncio
import importlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from casebook.shapes import fits

from tests.labs.modules import importable

ROOT = Path(__file__).resolve().parents[3]
WORLD = ROOT / "labs" / "capacity-plan" / "world"


@dataclass(frozen=True)
class Reply:
    """As of `casebook.client`."""

    json: Any
    late: bool = False

    def bad(self, shape: Any) -> str:
        """Empty if the JSON fits."""
        return "" if not self.late and fits(self.json, shape) else "malformed"


class Ways:
    """Stands for `On`: asks a function, which gets a path and a body, and keeps what is told. None is a late answer."""

    def __init__(self, planner: Callable[[str, Any], Any]) -> None:
        self._planner = planner
        self.asked: Counter[str] = Counter()
        self.words: dict[str, Counter[str]] = defaultdict(Counter)

    async def ask(self, service: str, method: str, path: str, body: Any, timeout_s: float) -> Reply:
        """What the planner says, by way of JSON."""
        self.asked[path] += 1
        said = self._planner(path, json.loads(json.dumps(body)))
        return Reply(json.loads(json.dumps(said)), late=said is None)

    def tell(self, case: str, aspect: str, word: str, note: object) -> None:
        """Count a word."""
        self.words[aspect][word] += 1


@pytest.fixture(scope="session")
def world() -> Iterator[SimpleNamespace]:
    """The world's modules, by name."""
    with importable(WORLD):
        names = sorted(path.stem for path in WORLD.glob("*.py"))
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})


Play = Callable[[dict[str, Any], Any], tuple[Any, Ways]]


@pytest.fixture
def play(world: SimpleNamespace) -> Play:
    """Plays a plan with a folder of a planner's files, or with a function: the world afterwards, and what was told."""

    def played(plan: dict[str, Any], planner: Any) -> tuple[Any, Ways]:
        made = world.world.World(plan)
        if not isinstance(planner, Path):
            ways = Ways(planner)
            asyncio.run(made.play("season", ways))
            return made, ways
        with importable(planner), redirect_stdout(StringIO()):
            own = importlib.import_module("planner").Planner()
            ways = Ways(lambda path, body: getattr(own, path.strip("/"))(body))
            asyncio.run(made.play("season", ways))
        return made, ways

    return played
