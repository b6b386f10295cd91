"""What each control makes of a season: it misses what it was made to miss, by far, and nothing else.

The few that are nearest to a bound; `proof`, all of them, over whole exams.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from grader.controls import stage_control
from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from infra.images.venvs import environment

LAB = find_lab("hostile-input")
SCENARIO = find_scenario(LAB)
draw = import_file(SCENARIO.folder / "draw.py").draw
SEASON = Path(__file__).with_name("season.py")
NEAR = ["reference", "neighbours", "known-attack"]
FEW, MANY = draw(3, size=1), [draw(seed) for seed in range(2)]


def missed(control: str, plan: dict[str, Any], scratch: Path) -> dict[str, float]:
    """The share of bad words, by aspect."""
    (scratch / "plan.json").write_text(json.dumps(plan))
    code = stage_control(SCENARIO, control, scratch / "staged").path / "guard"
    command = [environment("frames") / "bin" / "python", SEASON, LAB.folder, scratch / "plan.json", code]
    calm = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    told = json.loads(subprocess.run(command, capture_output=True, check=True, env=calm).stdout)
    counts = {aspect: {word: n for word, n in words.items() if word != "void"} for aspect, words in told.items()}
    return {aspect: 1 - words.get("right", 0) / max(1, sum(words.values())) for aspect, words in counts.items()}


def misses_its_own(control: str, plan: dict[str, Any], scratch: Path) -> None:
    """A fake more than twice what is forgiven; what it is not made for, at most half of it."""
    one = SCENARIO.controls[control]
    shares = missed(control, plan, scratch)
    assert set(shares) == set(SCENARIO.slos)
    for aspect, share in shares.items():
        forgiven = 1 - float(SCENARIO.slos[aspect].target)
        if aspect == one.fails:
            assert share > 1.9 * forgiven, (aspect, share)
        elif aspect not in one.also:
            assert share <= forgiven / 2, (aspect, share)


@pytest.mark.parametrize("control", NEAR)
def test_a_control_misses_what_it_was_made_for_and_nothing_else(control, tmp_path):
    misses_its_own(control, FEW, tmp_path)


@pytest.mark.proof
@pytest.mark.parametrize("plan", MANY, ids=["one", "another"])
@pytest.mark.parametrize("control", SCENARIO.controls)
def test_it_does_so_in_whole_exams(control, plan, tmp_path):
    misses_its_own(control, plan, tmp_path)
