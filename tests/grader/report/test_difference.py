"""What two results say differently, and results read back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.errors import BadInput
from grader.report.difference import Change, differences, to_json
from grader.report.saved import load_result
from grader.result import Reason, Result, Verdict


def test_equal_results_have_no_difference_whatever_their_wall_time(failed: Result) -> None:
    slower = replace(failed, duration_s=99.0, trials=tuple(replace(t, duration_s=50.0) for t in failed.trials))

    assert differences(failed, slower) == ()
    assert to_json(failed, slower)["same_verdict"] is True


def test_every_field_that_differs_is_named_once(failed: Result) -> None:
    first, *others = failed.objectives
    changed = replace(failed, seed=1, objectives=(replace(first, good=4270, verdict=Verdict.PASS), *others))

    assert differences(failed, changed) == (
        Change("run", "", "seed", 4711, 1),
        Change("objective", "in-time", "good", 4022, 4270),
        Change("objective", "in-time", "verdict", Verdict.FAIL, Verdict.PASS),
    )


def test_parts_that_only_one_has_are_told(failed: Result) -> None:
    fewer = replace(failed, objectives=failed.objectives[1:], trials=failed.trials[:-1], versions={"envoy": "1.41.0"})

    assert differences(failed, fewer) == (
        Change("version", "brownout", "version", "0.1.0", None),
        Change("version", "envoy", "version", "1.40.0", "1.41.0"),
        Change("objective", "in-time", "present", True, False),
        Change("trial", "fine.2", "present", True, False),
    )
    assert [(c.a, c.b) for c in differences(fewer, failed) if c.field == "present"] == [(False, True)] * 2


def test_reasons_of_the_run_and_of_trials_count(failed: Result) -> None:
    noted = replace(failed.trials[0], reasons=(Reason("service-ended", "it ended", "slow.0"),))
    other = replace(failed, reasons=(), trials=(noted, *failed.trials[1:]))

    only_a, only_b = differences(failed, other)

    assert (only_a.id, only_a.b) == ("objective-missed", None)
    assert only_b == Change("reason", "service-ended", "message", None, "slow.0: it ended")


def test_a_difference_is_plain_json(failed: Result, passed: Result) -> None:
    document: Any = json.loads(json.dumps(to_json(failed, passed)))

    assert document["same_verdict"] is False
    assert document["changes"][0] == {"part": "run", "id": "", "field": "verdict", "a": "fail", "b": "pass"}


def test_a_result_comes_back_from_its_file_or_folder(tmp_path: Path, failed: Result) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps(failed.to_json()))

    assert load_result(path) == load_result(tmp_path) == failed


@pytest.mark.parametrize(
    ("change", "what"),
    [({"verdict": "maybe"}, "verdict: 'maybe'"), ({"surprise": 1}, "surprise"), ({"seed": float("nan")}, "NaN")],
)
def test_a_file_that_is_no_result_names_the_key(
    tmp_path: Path, failed: Result, change: dict[str, Any], what: str
) -> None:
    (tmp_path / "result.json").write_text(json.dumps({**failed.to_json(), **change}))

    with pytest.raises(BadInput, match=what):
        load_result(tmp_path)
