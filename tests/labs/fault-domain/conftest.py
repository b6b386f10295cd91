"""The lab's world, imported as the casebook imports it, and what any doctor makes of its cells, without a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs import modules

LAB = find_lab("fault-domain").folder
SCENARIO = find_scenario(find_lab("fault-domain"))
draw = import_file(SCENARIO.folder / "draw.py")

Words = dict[str, Counter[str]]


@pytest.fixture(scope="session")
def yard() -> Any:
    """The world's modules, by name; `world` needs what an image has."""
    return modules.world(LAB / "world")


@pytest.fixture(scope="session")
def make(yard: Any) -> Callable[..., Any]:
    """Makes a cell with something wrong, or more."""

    def made(*kinds: str, number: int = 0) -> Any:
        return yard.cell.Cell(8, {"id": f"c{number}", "kinds": kinds})

    return made
