"""A control's verdict is known only if luck seldom decides for it: the code of each over a season in virtual time.

A sound control uses half of what a promise forgives at most, and a fake 1.8 times as much at least. `proof`: over five
exams. Controls that are late are left out: nothing takes time here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from grader.controls import stage_control
from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file

SCENARIO = find_scenario(find_lab("edge-fleet"))
draw = import_file(SCENARIO.folder / "draw.py")
CLOCKS = {"keeps-up", "homecoming"}
PLAYED = [name for name, control in SCENARIO.controls.items() if control.fails not in CLOCKS]


@pytest.fixture(params=[(1, 6), pytest.param((5, 40), marks=pytest.mark.proof)], ids=["six cities", "five exams"])
def plans(request: pytest.FixtureRequest) -> list[dict[str, object]]:
    """Seasons, of so many cities."""
    count, cities = request.param
    return [draw.draw(seed, cities) for seed in range(7, 7 + count)]


@pytest.mark.timeout(400)
@pytest.mark.parametrize("control", PLAYED)
def test_a_control_misses_what_it_was_made_for_and_nothing_else(play, plans, control, tmp_path):
    one = SCENARIO.controls[control]
    words: dict[str, Counter[str]] = defaultdict(Counter)
    folder: Path = stage_control(SCENARIO, control, tmp_path / "staged").path / "aggregator"
    for plan in plans:
        for aspect, told in play(plan, folder)[1].words.items():
            words[aspect].update(told)

    assert set(words) == set(SCENARIO.slos)
    for aspect, told in words.items():
        bad, forgiven = told.total() - told["right"], (1 - SCENARIO.slos[aspect].target) * told.total()
        if aspect == one.fails:
            assert bad > 1.8 * forgiven
        elif aspect not in one.also:
            assert bad <= max(forgiven / 2, 1), aspect
