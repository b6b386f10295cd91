"""The lab's world, imported as the casebook imports it, incidents of a plan, and the reference's review."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.intake.controls import copy_control
from grader.load.traffic import import_file
from tests.labs import modules

LAB = find_lab("incident-review")
draw = import_file(find_scenario(LAB).folder / "draw.py")
DRAWS = 24


@pytest.fixture(scope="session")
def world() -> Any:
    """The world's modules, by name; `world` needs what an image has."""
    return modules.world(LAB.folder / "world")


@pytest.fixture(scope="session")
def incidents(world: Any) -> Any:
    """Incidents of a plan, of all kinds."""
    return [world.incidents.made(11, case) for case in draw.draw(11, incidents=DRAWS)["cases"]]


@pytest.fixture(scope="session")
def database() -> Callable[[Mapping[str, bytes]], duckdb.DuckDBPyConnection]:
    """Tables of an incident as a run is given them."""

    def filled(tables: Mapping[str, bytes]) -> duckdb.DuckDBPyConnection:
        case = duckdb.connect(config={"threads": 1})
        for name, table in tables.items():
            with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
                file.write(table)
                file.flush()
                case.execute(f'CREATE TABLE "{name}" AS FROM read_parquet(?)', [file.name])
        return case

    return filled


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """`write` of the reference."""
    lab = tmp_path_factory.mktemp("lab") / "reference"
    copy_control(find_scenario(LAB), "reference", lab)
    return modules.world(lab / "review").write.write
