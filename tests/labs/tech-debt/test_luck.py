"""What each control makes of the public shops: it misses what it was made to miss, by far, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.controls import stage_control
from grader.course.catalog import find_lab, find_scenario

SCENARIO = find_scenario(find_lab("tech-debt"))
OURS = [name for name, one in SCENARIO.controls.items() if one.kind != "stranger"]
"""A stranger's need not have an application called `app` in main.py."""


@pytest.mark.parametrize("control", OURS)
def test_a_control_misses_what_it_was_made_for_and_nothing_else(control: str, played: Any, draw: Any, tmp_path: Path):
    one = SCENARIO.controls[control]

    words = played(stage_control(SCENARIO, control, tmp_path / "staged").path / "recommender", draw.draw(11, size=1))[
        "words"
    ]

    assert set(words) == set(SCENARIO.slos)
    for aspect, told in words.items():
        forgiven = 1 - SCENARIO.slos[aspect].target
        bad = 1 - told.get("right", 0) / sum(told.values())
        if aspect == one.fails:
            assert bad > 2 * forgiven, told
        elif aspect not in one.also:
            assert bad == 0, (aspect, told)
