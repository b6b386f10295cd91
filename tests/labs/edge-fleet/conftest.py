"""A season of `edge-fleet` in-process: the world's own code before an aggregator's own code, without a network."""

from __future__ import annotations

import asyncio
import importlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from casebook.shapes import fits

from tests.labs.modules import importable

ROOT = Path(__file__).resolve().parents[3]
WORLD = ROOT / "labs" / "edge-fleet" / "world"


@dataclass(frozen=True)
class Reply:
    """As of `casebook.client`."""

    json: Any
    status: int = 200
    seconds: float = 0.01
    error: str = ""

    def bad(self, shape: Any) -> str:
        """Empty if the JSON fits."""
        if self.status != 200:
            return "none"
        return "" if fits(self.json, shape) else "malformed"


class Ways:
    """Stands for `On`: asks an aggregator, or whatever has its methods, and keeps what is told."""

    def __init__(self, aggregator: Any, now: float = 0.0) -> None:
        self.now = now
        self._aggregator = aggregator
        self.deliveries: list[bytes] = []
        self.words: dict[str, Counter[str]] = defaultdict(Counter)

    async def ask(self, service: str, method: str, path: str, body: Any, timeout_s: float) -> Reply:
        """What the aggregator says, by way of JSON. A `Reply` is taken as it is."""
        said = self._said([unquote(part) for part in path.split("/")[1:]], body)
        return said if isinstance(said, Reply) else Reply(json.loads(json.dumps(said)))

    def _said(self, path: list[str], body: Any) -> Any:
        ours = self._aggregator
        if path == ["reports"]:
            self.deliveries.append(body)
            return ours.take(json.loads(body)["reports"])
        if path == ["close"]:
            pages = ours.close(body["day"])
            return pages if isinstance(pages, Reply) else {"pages": pages}
        return {"revisions": (ours.figures if path[0] == "cities" else ours.updates)(*path[1:])}

    def tell(self, case: str, aspect: str, word: str, note: object) -> None:
        """Count a word."""
        self.words[aspect][word] += 1

    def tell_rest(self, case: str, word: str, note: object) -> None:
        """Of cases that were given up."""
        self.words["rest"][word] += 1


@pytest.fixture(scope="session")
def world() -> Iterator[SimpleNamespace]:
    """The world's modules, by name."""
    with importable(WORLD):
        names = sorted(path.stem for path in WORLD.glob("*.py"))
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})


@pytest.fixture
def lost() -> Reply:
    """No answer within two seconds."""
    return Reply(None, 0, 2.0, "no whole answer")


@pytest.fixture
def play(world: SimpleNamespace) -> Any:
    """Plays a plan with a folder of an aggregator, or with an object: the world afterwards, and what was told."""

    def played(plan: dict[str, Any], aggregator: Any, now: float = 0.0) -> tuple[Any, Ways]:
        made = world.world.World(plan)
        if not isinstance(aggregator, Path):
            ways = Ways(aggregator, now)
            asyncio.run(made.play("season", ways))
            return made, ways
        with importable(aggregator), redirect_stdout(StringIO()):
            ways = Ways(importlib.import_module("aggregator").Aggregator())
            asyncio.run(made.play("season", ways))
        return made, ways

    return played
