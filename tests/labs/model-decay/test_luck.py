"""A control's verdict is known only if luck seldom decides for it: the code of each over seasons in virtual time.

Each test plays a few depots; `slow`, those of four exams. A sound control uses half of what a promise forgives at
most, and a fake 1.8 times as much at least: at few depots luck takes the rest of the double.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from grader.controls import stage_control
from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs import decay_seasons as seasons

draw = import_file(seasons.DRAW)
SCENARIO = find_scenario(find_lab("model-decay"))
SOUND = [name for name, control in SCENARIO.controls.items() if control.kind in ("reference", "alternative")]
BROKEN = {name: control for name, control in SCENARIO.controls.items() if control.kind in ("shipped", "fake")}


@pytest.fixture(params=[1 / 6, pytest.param(4, marks=pytest.mark.proof)])
def share(request: pytest.FixtureRequest) -> float:
    """Of an exam's depots."""
    return float(request.param)


def words(control: str, share: float, scratch: Path, about: str = "") -> dict[str, Counter[str]]:
    """What is told of a control; of depots only that are asked about something, if that is said."""
    plan = draw.draw(7, share)
    plan["cases"] = [case for case in plan["cases"] if not about or about in case["asked"]]
    return seasons.play(plan, stage_control(SCENARIO, control, scratch).path / "keeper").words


def bad(told: Counter[str]) -> float:
    """The share of words that are not right."""
    return 1 - told["right"] / told.total()


def forgiven(objective: str) -> float:
    """The share of words that need not be right."""
    return 1 - float(SCENARIO.slos[objective].target)


@pytest.mark.parametrize("control", SOUND)
def test_a_sound_control_uses_less_than_half_of_what_is_forgiven(control, share, tmp_path):
    told = words(control, share, tmp_path)

    assert set(told) == set(SCENARIO.slos)
    assert {aspect: counts for aspect, counts in told.items() if bad(counts) > forgiven(aspect) / 2} == {}


@pytest.mark.parametrize("control", BROKEN)
def test_a_fake_misses_its_own_promise_by_far_and_no_other_that_is_not_named(control, share, tmp_path):
    its, may = BROKEN[control].fails, BROKEN[control].also
    told = words(control, share, tmp_path, about=its)

    assert bad(told.pop(its)) > min(1.8 * forgiven(its), 0.9)
    assert {aspect: n for aspect, n in told.items() if aspect not in may and bad(n) > forgiven(aspect) / 2} == {}
