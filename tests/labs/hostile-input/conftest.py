"""The lab's world, imported as the casebook imports it, and every case of one drawn season."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs.modules import importable

LAB = find_lab("hostile-input").folder
draw = import_file(find_scenario(find_lab("hostile-input")).folder / "draw.py")


@pytest.fixture(scope="session")
def exchange() -> Iterator[Any]:
    """The world's modules, by name; `world` needs what an image has."""
    with importable(LAB / "world"):
        names = {path.stem for path in (LAB / "world").glob("*.py")} - {"world"}
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})


@pytest.fixture(scope="session")
def season(exchange: Any) -> list[tuple[Any, Any]]:
    """Each case of a season, with its market."""
    markets = exchange.market.markets(draw.draw(5))
    return [(market, market.office.case(planned, 0)) for market in markets for planned in market.cases]


@pytest.fixture
def cases(season: list[tuple[Any, Any]]) -> Any:
    """The cases of a kind."""
    return lambda kind: [case for _, case in season if case.kind == kind]
