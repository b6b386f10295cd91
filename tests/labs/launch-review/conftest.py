"""The lab's world, imported as the casebook imports it, and launches of one drawn plan."""

from __future__ import annotations

from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs import modules

LAB = find_lab("launch-review").folder
draw = import_file(find_scenario(find_lab("launch-review")).folder / "draw.py")


@pytest.fixture(scope="session")
def office() -> Any:
    """The world's modules, by name; `world` needs what an image has."""
    return modules.world(LAB / "world")


@pytest.fixture(scope="session")
def plan() -> Any:
    """A plan."""
    return draw.draw(11)


@pytest.fixture(scope="session")
def launches(office: Any, plan: Any) -> Any:
    """Its launches, by case."""
    return {case["id"]: office.launches.made(plan["seed"], case) for case in plan["cases"]}
