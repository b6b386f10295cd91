"""The lab's world, imported as the casebook imports it, and a way to make bundles of it."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs import modules

LAB = find_lab("model-ci")
draw = import_file(find_scenario(LAB).folder / "draw.py")
SEED = 8


@pytest.fixture(scope="session")
def forge() -> Any:
    """The world's modules, by name."""
    return modules.world(LAB.folder / "world")


@pytest.fixture(scope="session")
def teams(forge: Any) -> list[tuple[Any, Any]]:
    """Teams of a plan, each with its model in production."""
    found = [forge.teams.Team(SEED, number) for number in range(draw.COUNT)]
    return [(team, forge.recipes.baseline(SEED, number, team)) for number, team in enumerate(found)]


@pytest.fixture(scope="session")
def bundle(forge: Any, teams: list[tuple[Any, Any]]) -> Any:
    """Makes a bundle: its recipe, and its bytes."""

    def made(kind: str, way: str, team: int = 0, **more: Any) -> SimpleNamespace:
        case = {"id": f"{kind}-{way}", "team": team, "kind": kind, "way": way, "asked": {}, **more}
        recipe = forge.recipes.made(SEED, case, *teams[team])
        data = forge.bundles.tarred(SEED, case["id"], teams[team][0], recipe, case)
        return SimpleNamespace(case=case, recipe=recipe, data=data, team=teams[team][0])

    return made


def unpacked(data: bytes, folder: Path) -> Path:
    """A bundle's files in a folder."""
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        tar.extractall(folder, filter="data")
    return folder
