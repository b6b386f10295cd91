"""`lab judge --slo` and `lab diff-results` on recorded runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.judge.run import judge_run
from tests.grader.course import Course
from tests.grader.judge.synthetic import SLOS, good_rows, trial, write_run

LENIENT = SLOS.replace("target: 0.9}", "target: 0.5}")


@pytest.fixture
def missed(tmp_path: Path) -> Path:
    """A judged run whose `fast` fails at 90 % and would pass at 50 %."""
    rows = good_rows(trial("calm"), trial("storm"))
    slow = [r["id"] for r in rows if r["trial"] == "storm.0" and r["kind"] == "request"][::4]
    run = write_run(tmp_path / "run", [{**row, "done": None} if row["id"] in slow else row for row in rows])
    judge_run(run)
    return run


@pytest.fixture
def lenient(tmp_path: Path) -> Path:
    path = tmp_path / "lenient.yaml"
    path.write_text(LENIENT)
    return path


def test_other_objectives_never_touch_the_runs_own_result(course: Course, missed: Path, lenient: Path) -> None:
    before = {path.name: path.read_bytes() for path in missed.iterdir() if path.is_file()}

    done = course.lab("judge", str(missed), "--slo", str(lenient), "--json")

    assert done.returncode == 0, done.stderr
    verdicts = {o["id"]: (o["target"], o["verdict"]) for o in json.loads(done.stdout)["objectives"]}
    assert verdicts["fast"] == (0.5, "pass")
    assert {path.name: path.read_bytes() for path in missed.iterdir() if path.is_file()} == before


def test_a_regraded_result_can_be_kept_and_compared(course: Course, missed: Path, lenient: Path) -> None:
    out = missed.parent / "lenient.json"

    judged = course.lab("judge", str(missed), "--slo", str(lenient), "--out", str(out))
    again = course.lab("judge", str(missed), "--slo", str(lenient), "--out", str(out))
    compared = course.lab("diff-results", str(missed), str(out), "--json")

    assert (judged.returncode, again.returncode) == (0, 0)
    assert "Report" not in judged.stdout
    assert f"lab diff-results {missed} {out}" in judged.stdout
    changes = {(c["part"], c["id"], c["field"]): (c["a"], c["b"]) for c in json.loads(compared.stdout)["changes"]}
    assert changes[("objective", "fast", "target")] == (0.9, 0.5)
    assert changes[("objective", "fast", "verdict")] == ("fail", "pass")
    assert ("objective", "answered", "verdict") not in changes
    assert compared.returncode == 1


def test_out_without_other_objectives_leaves_the_result_too(course: Course, missed: Path) -> None:
    own = missed / "result.json"
    kept = own.read_bytes()
    own.unlink()

    done = course.lab("judge", str(missed), "--out", str(missed.parent / "same.json"))

    assert done.returncode == 1
    assert not own.exists()
    assert (missed.parent / "same.json").read_bytes() == kept


@pytest.mark.parametrize(
    ("out", "what"),
    [
        (lambda run: run / "result.json", "the run's own objectives"),
        (lambda run: run / "scenario" / ".." / "result.json", "the run's own objectives"),
        (lambda run: run / "events.parquet", "is not a result"),
        (lambda run: run / "run.json", "is not a result"),
        (lambda run: run / "scenario", "is not a result"),
        (lambda run: run / "nowhere" / "x.json", "cannot be written"),
    ],
)
def test_out_must_not_destroy_anything(
    course: Course, missed: Path, lenient: Path, out: Callable[[Path], Path], what: str
) -> None:
    before = {path: path.read_bytes() for path in missed.rglob("*") if path.is_file()}

    done = course.lab("judge", str(missed), "--slo", str(lenient), "--out", str(out(missed)))

    assert done.returncode == 2
    assert what in done.stderr and done.stderr.count("\n") == 1
    assert {path: path.read_bytes() for path in missed.rglob("*") if path.is_file()} == before


def test_objectives_that_do_not_exist_are_one_sentence(course: Course, missed: Path) -> None:
    done = course.lab("judge", str(missed), "--slo", str(missed / "none.yaml"))

    assert done.returncode == 2
    assert "none.yaml: does not exist" in done.stderr


def test_a_different_verdict_exits_1_and_is_said(course: Course, missed: Path) -> None:
    good = write_run(missed.parent / "good", good_rows(trial("calm"), trial("storm")))
    judge_run(good)

    done = course.lab("diff-results", str(missed), str(good / "result.json"))
    same = course.lab("diff-results", str(good), str(good))

    assert done.returncode == 1
    assert "objective fast" in done.stdout and "only A: objective-missed" in done.stdout
    assert done.stdout.splitlines()[-1] == "The verdicts differ: A fail, B pass."
    assert same.returncode == 0
    assert same.stdout == "The two results are the same: pass.\n"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"schema": "brownout/result/1"}', "NaN"])
def test_what_is_no_result_is_refused(course: Course, missed: Path, text: str) -> None:
    (missed.parent / "b.json").write_text(text)

    done = course.lab("diff-results", str(missed), str(missed.parent / "b.json"))

    assert done.returncode == 2
    assert "b.json" in done.stderr and "Traceback" not in done.stderr
    assert done.stdout == ""


def test_results_of_two_labs_are_not_compared(course: Course, missed: Path) -> None:
    other = missed.parent / "other.json"
    other.write_text((missed / "result.json").read_text().replace('"lab": "toy"', '"lab": "desk"'))

    done = course.lab("diff-results", str(missed), str(other))

    assert done.returncode == 2
    assert "one lab" in done.stderr
