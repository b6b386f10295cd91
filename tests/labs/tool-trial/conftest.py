"""The lab's world, imported as the casebook imports it, and a trial of the team's own detectors (river is in the image
alone)."""

from __future__ import annotations

from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs import modules

LAB = find_lab("tool-trial").folder
CASE = {
    "id": "c0ffee",
    "asked": {"reproduced": 1, "figures": 1, "choice": 1, "health": 1, "limits": 4, "evidence": 3},
    "tools": [
        {"key": "spread", "faults": ["kind"]},
        {"key": "level", "faults": []},
        {"key": "level-short", "faults": ["bus", "answered"]},
    ],
    "must": ["down", "up"],
    "season": False,
}
draw = import_file(find_scenario(find_lab("tool-trial")).folder / "draw.py")


@pytest.fixture(scope="session")
def bench() -> Any:
    """The world's modules, by name; `world` needs what an image has."""
    return modules.world(LAB / "world")


@pytest.fixture(scope="session")
def trial(bench: Any) -> Any:
    """A trial whole."""
    return bench.trials.made(11, CASE)
