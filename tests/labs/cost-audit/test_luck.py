"""What each control makes of a dozen fleets: it misses what it was made to miss, by far, and nothing else."""

from __future__ import annotations

import copy
import importlib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from grader.controls import stage_control
from grader.course.catalog import find_lab, find_scenario
from tests.labs.modules import importable

SCENARIO = find_scenario(find_lab("cost-audit"))


def missed(cloud: Any, fleets: Any, control: str, scratch: Path) -> dict[str, float]:
    """The share of bad words, by aspect."""
    words = defaultdict(list)
    with importable(stage_control(SCENARIO, control, scratch).path / "audit"):
        planner = importlib.import_module("planner")
        for fleet, hidden in fleets:
            plan = planner.plan(copy.deepcopy(fleet))
            for aspect, word, _ in cloud.month.judged(fleet, hidden, plan):
                words[aspect].append(word != "right")
    return {aspect: sum(bad) / len(bad) for aspect, bad in words.items()}


@pytest.mark.parametrize("control", SCENARIO.controls)
def test_a_control_misses_what_it_was_made_for_and_nothing_else(cloud, fleets, control, tmp_path):
    one = SCENARIO.controls[control]

    shares = missed(cloud, fleets, control, tmp_path / "staged")

    forgiven = {name: 1 - slo.target for name, slo in SCENARIO.slos.items()}
    assert set(shares) == set(forgiven)
    for aspect, share in shares.items():
        if aspect == one.fails:
            assert share > 2 * forgiven[aspect]
        elif aspect not in one.also:
            assert share <= forgiven[aspect] / 2, aspect
