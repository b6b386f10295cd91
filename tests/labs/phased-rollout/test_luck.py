"""A control's verdict is known only if luck seldom decides for it: each one's plan over releases in virtual time.

Each test plays some releases of each kind that matters; `slow`, many seasons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path

import pytest

from grader.controls import stage_control
from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs import rollout_seasons as seasons

draw = import_file(seasons.DRAW)
SCENARIO = find_scenario(find_lab("phased-rollout"))
SOUND = [name for name, control in SCENARIO.controls.items() if control.kind in ("reference", "alternative")]
BROKEN = {name: control for name, control in SCENARIO.controls.items() if control.kind in ("shipped", "fake")}


@pytest.fixture(params=[1 / 4, pytest.param(4, marks=pytest.mark.proof)])
def share(request: pytest.FixtureRequest) -> float:
    """Of an exam's releases."""
    return float(request.param)


def words(control: str, share: float, scratch: Path, about: Collection[str]) -> dict[str, Counter[str]]:
    """What is told of a control, of releases that some objective is about."""
    plan = draw.draw(7, shared=int(24 * share), alone=int(20 * share), hour=int(60 * share))
    plan["cases"] = [case for case in plan["cases"] if set(case["asked"]) & set(about)]
    text = (stage_control(SCENARIO, control, scratch).path / "plan" / "plan.yaml").read_text("utf-8")
    return seasons.play(plan, seasons.handed(text))[1].words


def bad(told: Counter[str]) -> float:
    """The share of words that are not right; of those that count."""
    counted = told.total() - told["void"]
    return (counted - told["right"]) / counted


def forgiven(objective: str) -> float:
    """The share of words that need not be right."""
    return 1 - float(SCENARIO.slos[objective].target)


@pytest.mark.parametrize("control", SOUND)
def test_a_sound_control_is_hardly_ever_wrong(control, share, tmp_path):
    told = words(control, share, tmp_path, about=SCENARIO.slos)

    assert set(told) == set(SCENARIO.slos)
    assert {aspect: counts for aspect, counts in told.items() if bad(counts) > 0.01} == {}


@pytest.mark.parametrize("control", BROKEN)
def test_a_fake_misses_its_own_promise_by_far(control, share, tmp_path):
    its = BROKEN[control].fails
    told = words(control, share, tmp_path, about=[its])

    assert bad(told[its]) > 1.8 * forgiven(its)


@pytest.mark.proof
@pytest.mark.parametrize("control", BROKEN)
def test_a_fake_misses_no_other_that_is_not_named(control, tmp_path):
    told = words(control, 4, tmp_path, about=set(SCENARIO.slos) - {BROKEN[control].fails, *BROKEN[control].also})

    named = {BROKEN[control].fails, *BROKEN[control].also}
    assert {aspect: n for aspect, n in told.items() if aspect not in named and bad(n) > 0.02} == {}
