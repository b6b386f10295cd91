"""The lab's world, imported as the casebook imports it, and all packages of two drawn plans."""

from __future__ import annotations

from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs import modules

LAB = find_lab("toil-killer").folder
draw = import_file(find_scenario(find_lab("toil-killer")).folder / "draw.py")


@pytest.fixture(scope="session")
def bank() -> Any:
    """The world's modules, by name; `world` needs what an image has."""
    return modules.world(LAB / "world")


@pytest.fixture(scope="session")
def plan() -> Any:
    """A plan of four trays."""
    return draw.draw(11, trays=4)


@pytest.fixture(scope="session")
def trays(bank: Any, plan: Any) -> Any:
    """Its trays."""
    return [bank.tray.tray(plan["seed"], case, 0) for case in plan["cases"]]
