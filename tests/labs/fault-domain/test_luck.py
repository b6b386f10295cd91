"""A control's verdict is known only if luck seldom decides for it: the code of each before some of an exam's cells.

`slow`, before those of two exams.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from grader.controls import stage_control
from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file

SCENARIO = find_scenario(find_lab("fault-domain"))
draw = import_file(SCENARIO.folder / "draw.py").draw


@pytest.fixture(params=[1, pytest.param(12, marks=pytest.mark.proof)])
def cases(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """Four cells of each kind, one of each pair of kinds."""
    return list(chain.from_iterable(draw(seed, each=4, pairs=1, well=5)["cases"] for seed in range(request.param)))


def bad(told: Counter[str]) -> float:
    """The share of words that are not right."""
    return 1 - told["right"] / told.total()


OURS = [name for name, one in SCENARIO.controls.items() if one.kind != "stranger"]
"""A stranger's doctor has a client of its own for the yard, which this play has not."""


@pytest.mark.parametrize("control", OURS)
def test_a_control_misses_what_it_was_made_for_by_far_and_nothing_else(control, cases, diagnosed, tmp_path: Path):
    one = SCENARIO.controls[control]

    words = diagnosed(stage_control(SCENARIO, control, tmp_path / "staged").path / "doctor", cases)

    assert set(words) == set(SCENARIO.slos)
    for aspect, told in words.items():
        forgiven = 1 - float(SCENARIO.slos[aspect].target)
        if aspect == one.fails:
            assert bad(told) > 2 * forgiven, told
        elif aspect not in one.also:
            assert bad(told) <= max(forgiven / 2, 1 / told.total()), (aspect, told)  # one may be luck
