"""`benchmarks.strangers`: which exams it holds, and its table."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from benchmarks import rows, verdicts
from benchmarks.exams import controls_of
from benchmarks.strangers import summary
from benchmarks.verdicts import Series, hold
from grader.course.catalog import find_lab, find_scenario, lab_ids
from tests.benchmarks.test_verdicts import GOOD, INVALID, body


def test_they_are_examined_in_turn_and_apart_from_the_other_controls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examined: list[str] = []
    monkeypatch.setattr(verdicts, "_one_by_one", lambda orders: examined.extend(o.control for o in orders) or ())
    rows.append(tmp_path / "kept.jsonl", asdict(replace(GOOD, lab="drift", control="control-charts")))

    hold(Series("drift", exams=6, strangers=True), tmp_path / "kept.jsonl")

    assert examined == ["bayes-factors", "row-scores", "bayes-factors", "control-charts", "row-scores"]


def test_a_control_is_a_stranger_or_one_of_the_others() -> None:
    for lab in lab_ids():
        scenario = find_scenario(find_lab(lab))
        own, strangers = controls_of(scenario), controls_of(scenario, strangers=True)
        assert sorted([*own, *strangers]) == list(scenario.controls)
        assert {scenario.controls[name].kind for name in strangers} <= {"stranger"}


def test_a_fail_is_a_false_one_and_an_invalid_exam_is_none() -> None:
    close = replace(GOOD, control="a", burn={"right": 0.25, "fast": 0.61})
    wrong = replace(GOOD, control="b", got="fail", holds=False, burn={"fast": 0.6})
    lines = body(summary([close, wrong, replace(INVALID, control="b", machine="busy1")]))

    quiet = lines["`desk`, process, idle"]
    assert quiet[:2] == ["2", "2"] and quiet[2].startswith("1 of 2") and quiet[3].startswith("0 of 2")
    assert quiet[4] == "0.61 (fast, a)"
    assert lines["`desk`, process, busy1"][2:5:2] == ["-", "-"]
    assert lines["**all**"][:2] == ["2", "3"] and lines["**all**"][3].startswith("1 of 3")
