"""The lab's world, imported as the casebook imports it, and a release of it."""

from __future__ import annotations

from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs import modules

LAB = find_lab("reproducible-training")
draw = import_file(find_scenario(LAB).folder / "draw.py")


@pytest.fixture(scope="session")
def auditor() -> Any:
    """The world's modules, by name; `world` needs what an image has."""
    return modules.world(LAB.folder / "world")


@pytest.fixture(scope="session")
def nights(auditor: Any) -> Any:
    """The data of a release."""
    return auditor.wards.Nights(5, {"id": "spring", "asked": {}})


@pytest.fixture
def orders(auditor: Any) -> Any:
    """The nine runs of a release by its number, by kind, and its data."""

    def ordered(number: int) -> tuple[dict[str, Any], Any]:
        case = {"id": f"release-{number}", "asked": {}}
        nights = auditor.wards.Nights(11, case)
        return {order.kind: order for order in auditor.machines.orders(11, case, nights)}, nights

    return ordered
