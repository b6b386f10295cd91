"""The lab's world, imported as the casebook imports it, and a dozen fleets of it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.labs.modules import importable

ROOT = Path(__file__).resolve().parents[3]
WORLD = ROOT / "labs" / "cost-audit" / "world"


@pytest.fixture(scope="session")
def cloud() -> Iterator[Any]:
    """The world's modules, by name."""
    with importable(WORLD):
        names = {path.stem for path in WORLD.glob("*.py")} - {"world"}  # which needs what an image has
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})


@pytest.fixture(scope="session")
def fleets(cloud: Any) -> list[tuple[Any, Any]]:
    """Documents, and what is hidden of them."""
    return [cloud.fleet.fleet_of(11, f"fleet {number}") for number in range(12)]
