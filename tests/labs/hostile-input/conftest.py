"""The lab's world, imported as the casebook imports it, and every case of one drawn season."""

from __future__ import annotations

from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs import modules

LAB = find_lab("hostile-input").folder
draw = import_file(find_scenario(find_lab("hostile-input")).folder / "draw.py")


@pytest.fixture(scope="session")
def exchange() -> Any:
    """The world's modules, by name; `world` needs what an image has."""
    return modules.world(LAB / "world")


@pytest.fixture(scope="session")
def season(exchange: Any) -> list[tuple[Any, Any]]:
    """Each case of a season, with its market."""
    markets = exchange.market.markets(draw.draw(5))
    return [(market, market.office.case(planned, 0)) for market in markets for planned in market.cases]


@pytest.fixture
def cases(season: list[tuple[Any, Any]]) -> Any:
    """The cases of a kind."""
    return lambda kind: [case for _, case in season if case.kind == kind]
