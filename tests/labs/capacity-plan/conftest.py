"""The lab's world, and seasons of it before a function."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.labs import virtual
from tests.labs.modules import importable

WORLD = Path(__file__).resolve().parents[3] / "labs" / "capacity-plan" / "world"


@pytest.fixture(scope="session")
def world() -> Iterator[SimpleNamespace]:
    """The world's modules, by name."""
    with importable(WORLD):
        names = sorted(path.stem for path in WORLD.glob("*.py"))
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})


@pytest.fixture
def play(world: SimpleNamespace) -> Callable[[dict[str, Any], virtual.Answer], tuple[Any, virtual.Ways]]:
    """Plays a plan with a planner: the world afterwards, and what was told."""

    def played(plan: dict[str, Any], planner: virtual.Answer) -> tuple[Any, virtual.Ways]:
        made = world.world.World(plan)
        return made, virtual.play(made, planner)

    return played
