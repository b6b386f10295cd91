"""A control's verdict is known only if luck seldom decides for it: each one's SLO over months in virtual time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.controls import stage_control
from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs import slo_months as months

draw = import_file(months.DRAW)
SCENARIO = find_scenario(find_lab("define-the-slo"))
SOUND = [name for name, control in SCENARIO.controls.items() if control.kind not in ("shipped", "fake")]
BROKEN = {name: control for name, control in SCENARIO.controls.items() if control.kind in ("shipped", "fake")}


FEW, ALL = {"days": 5, "storms": 4, "leaks": 4, "calm": 2}, {"days": 30, "storms": 15, "leaks": 15, "calm": 8}


def plans(exams: int) -> list[dict[str, Any]]:
    """A few months of one exam, or whole exams."""
    return [draw.draw(seed, **(ALL if exams > 1 else FEW)) for seed in range(1, exams + 1)]


def wrong(control: str, plans: list[dict[str, Any]], scratch: Path) -> dict[str, list[int]]:
    """By promise, how many words were not right in each exam."""
    files = months.documents(stage_control(SCENARIO, control, scratch).path / "slo")
    counts: dict[str, list[int]] = {aspect: [] for aspect in SCENARIO.slos}
    for plan in plans:
        for aspect, told in months.play(plan, months.handed(files))[1].words.items():
            counts[aspect].append(told.total() - told["right"])
    return counts


@pytest.mark.timeout(900)
@pytest.mark.parametrize("exams", [1, pytest.param(60, marks=pytest.mark.proof)])
@pytest.mark.parametrize("control", SOUND)
def test_a_sound_control_is_hardly_ever_wrong(control: str, exams: int, tmp_path: Path) -> None:
    found = wrong(control, plans(exams), tmp_path)

    assert {aspect: max(bad) for aspect, bad in found.items() if max(bad) > 1} == {}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("exams", [1, pytest.param(20, marks=pytest.mark.proof)])
@pytest.mark.parametrize("control", BROKEN)
def test_a_fake_misses_its_own_promise_by_far_and_no_other(control: str, exams: int, tmp_path: Path) -> None:
    drawn, its = plans(exams), BROKEN[control]
    found = wrong(control, drawn, tmp_path)

    asked = sum(case["asked"].get(its.fails, 0) for case in drawn[0]["cases"])
    assert min(found[its.fails]) > 1.9 * asked * (1 - float(SCENARIO.slos[its.fails].target))
    assert {aspect for aspect, bad in found.items() if max(bad) > 1} <= {its.fails, *its.also}
