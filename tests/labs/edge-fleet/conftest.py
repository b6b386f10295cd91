"""The lab's world, and seasons of it before an object that stands for an aggregator."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest

from tests.labs import virtual
from tests.labs.modules import importable

WORLD = Path(__file__).resolve().parents[3] / "labs" / "edge-fleet" / "world"


def answers(aggregator: Any) -> virtual.Answer:
    """What an aggregator's methods say, by path."""

    def said(path: str, body: Any) -> Any:
        first, *rest = [unquote(part) for part in path.split("/")[1:]]
        if first == "reports":
            return aggregator.take(json.loads(body)["reports"])
        if first == "close":
            pages = aggregator.close(body["day"])
            return pages if isinstance(pages, virtual.Reply) else {"pages": pages}
        return {"revisions": (aggregator.figures if first == "cities" else aggregator.updates)(*rest)}

    return said


@pytest.fixture(scope="session")
def world() -> Iterator[SimpleNamespace]:
    """The world's modules, by name."""
    with importable(WORLD):
        names = sorted(path.stem for path in WORLD.glob("*.py"))
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})


@pytest.fixture
def play(world: SimpleNamespace) -> Any:
    """Plays a plan with an aggregator: the world afterwards, and what was told."""

    def played(plan: dict[str, Any], aggregator: Any, now: float = 0.0) -> tuple[Any, virtual.Ways]:
        made = world.world.World(plan)
        return made, virtual.play(made, answers(aggregator), now)

    return played
