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
    months = ("2026-01-01", "2026-06-01", "2027-11-01")
    cases = [{"id": f"case {at}", "fleet": f"fleet {at}", "month": months[at % 3]} for at in range(12)]
    return [cloud.fleet.fleet_of(11, case) for case in cases]
