"""The lab's world, imported as the casebook imports it, and a dozen fleets of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.labs import modules

ROOT = Path(__file__).resolve().parents[3]
WORLD = ROOT / "labs" / "cost-audit" / "world"


@pytest.fixture(scope="session")
def cloud() -> Any:
    """The world's modules, by name."""
    return modules.world(WORLD)


@pytest.fixture(scope="session")
def fleets(cloud: Any) -> list[tuple[Any, Any]]:
    """Documents, and what is hidden of them."""
    return [cloud.fleet.fleet_of(11, f"fleet {number}") for number in range(12)]
