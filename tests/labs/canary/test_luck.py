"""A control's verdict is known only if luck seldom decides for it: the code of each over hundreds of rollouts.

Each test is of the first few of them; `slow`, of all.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.intake.controls import stage_control

ROOT = Path(__file__).resolve().parents[3]
FEW = 15
SELDOM = 2
SCENARIO = find_scenario(find_lab("canary"))
GOOD = [name for name, control in SCENARIO.controls.items() if control.kind in ("reference", "alternative")]
PROMOTERS = [
    name for name, one in SCENARIO.controls.items() if one.kind == "fake" and "promoted" not in (one.fails, *one.also)
]


@pytest.fixture(params=[FEW, pytest.param(300, marks=pytest.mark.slow)])
def times(request: pytest.FixtureRequest) -> int:
    """How many rollouts."""
    return int(request.param)


def arrived(control: str, fault: str, times: int, scratch: Path) -> int:
    """Of so many releases, those that had all the traffic in the end."""
    code = stage_control(SCENARIO, control, scratch).path / "controller"
    command = [sys.executable, "-m", "tests.labs.canary_rollouts", str(code), fault, str(times)]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120).stdout)


@pytest.mark.parametrize("fault", ["none", "noisy-start"])
@pytest.mark.parametrize("control", GOOD)
def test_a_good_release_seldom_fails_to_arrive(control, fault, times, tmp_path):
    assert arrived(control, fault, times, tmp_path) >= times - SELDOM


@pytest.mark.parametrize("control", PROMOTERS)
def test_a_fake_fails_on_what_it_was_made_for_and_seldom_by_bad_luck_too(control, times, tmp_path):
    assert arrived(control, "none", times, tmp_path) >= times - SELDOM


@pytest.mark.parametrize("control", GOOD)
def test_what_fails_one_carrier_never_arrives(control, times, tmp_path):
    assert arrived(control, "tenant", times, tmp_path) == 0


@pytest.mark.parametrize("control", ["global-averages", "public-trial-only"])
def test_who_does_not_look_at_one_carrier_seldom_finds_out_by_luck(control, times, tmp_path):
    assert arrived(control, "tenant", times, tmp_path) >= times - SELDOM
