"""`lab review` on real runs of the toy lab, and on what is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.result import Result
from tests.calm import BOUNDS
from tests.grader.course import Course
from tests.grader.exam.conftest import nothing_is_left, own_home, toy
from tests.grader.exam.toy import LAB_ID, Toy

__all__ = ["nothing_is_left", "own_home", "toy"]


@pytest.fixture
def run(tmp_path: Path) -> Callable[[Result], Path]:
    """A run folder with no more than its result."""

    def make(result: Result) -> Path:
        folder = tmp_path / "run"
        folder.mkdir()
        (folder / "result.json").write_text(json.dumps(result.to_json()))
        return folder

    return make


@pytest.mark.slow
@pytest.mark.parametrize("verdict", ["pass", "fail", "invalid"])
def test_a_real_run(toy: Toy, tmp_path: Path, verdict: str) -> None:
    """Signed, graded, reviewed; then one byte of the run is changed."""
    if verdict == "invalid":
        toy.scenario(evidence={**BOUNDS, "slowdown": 1e-6})
    toy.candidate(at_each="return None" if verdict == "fail" else "pass")
    key, page = tmp_path / "team.pem", tmp_path / "page.html"
    assert toy.course.lab("receipt", "key", str(key)).returncode == 0
    graded = toy.course.lab("grade", LAB_ID, "--submission", str(toy.submission), "--out", str(toy.out), "--runtime",
                            "process", "--seed", "1", "--sign", str(key))  # fmt: skip
    assert graded.returncode == {"pass": 0, "fail": 1, "invalid": 3}[verdict], graded.stderr
    words = ["review", str(toy.out), "--submission", str(toy.submission), "--public", f"{key}.pub", "--to", str(page)]

    done = toy.course.lab(*words)

    text = page.read_text().replace("\u00a0", " ")
    body = text.split("<main>")[1]
    assert done.returncode == 0 and page.as_uri() in done.stdout, done.stderr
    assert "<dt>receipt</dt><dd>verified</dd>" in text and "The submission is the one that was graded." in text
    assert "team_for in desk/routing.py" in body and "_plain = team_for" in body
    assert ("proves nothing about the submission" in body) is (verdict == "invalid")
    assert ('class="plot"' in body) is ("Objectives</h2>" in body) is (verdict != "invalid")
    assert ("What happens to “" in body) is (verdict == "fail")
    assert ("The submission missed" in done.stdout) is (verdict == "fail")

    (toy.out / "report.html").write_text("changed")
    assert toy.course.lab(*words).returncode == 0
    assert "<dd>does not verify</dd>" in page.read_text() and "report.html was changed." in page.read_text()


def test_the_page_lies_beside_the_run_and_is_replaced(
    course: Course, run: Callable[[Result], Path], passed: Result, invalid: Result
) -> None:
    folder = run(passed)

    done = course.lab("review", str(folder))
    (folder / "result.json").write_text(json.dumps(invalid.to_json()))
    again = course.lab("review", str(folder))

    assert (done.returncode, again.returncode) == (0, 0)
    assert sorted(path.name for path in folder.iterdir()) == ["result.json"]
    assert "no fail and no score" in (folder.parent / "run-review.html").read_text()
    assert "kept" in done.stdout and "proves nothing" in again.stdout and "kept" not in again.stdout


def test_a_page_that_shows_more_is_not_written_over(
    desk: Course, run: Callable[[Result], Path], passed: Result, tmp_path: Path
) -> None:
    folder = run(replace(passed, lab="desk"))
    mine = tmp_path / "mine" / "desk" / "routing.py"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine = True\n")
    page = tmp_path / "run-review.html"
    assert desk.lab("review", str(folder), "--submission", str(tmp_path / "mine")).returncode == 0
    before = page.read_text()

    done = desk.lab("review", str(folder))

    assert done.returncode == 2 and "shows the change too; give --submission again" in " ".join(done.stderr.split())
    assert "mine = True" in before and page.read_text() == before
    assert desk.lab("review", str(folder), "--submission", str(tmp_path / "mine")).returncode == 0


def test_nothing_else_is_written_over_and_nothing_is_put_into_the_run(
    course: Course, run: Callable[[Result], Path], passed: Result, tmp_path: Path
) -> None:
    folder, mine = run(passed), tmp_path / "thesis.txt"
    mine.write_text("years of work")

    over = course.lab("review", str(folder), "--to", str(mine))
    inside = course.lab("review", str(folder), "--to", str(folder / "review.html"))

    assert (over.returncode, inside.returncode) == (2, 2)
    assert "is no page of ours" in over.stderr and "lies in the run" in inside.stderr
    assert mine.read_text() == "years of work"


def test_what_is_no_run_or_no_submission_is_one_sentence(
    desk: Course, run: Callable[[Result], Path], passed: Result, tmp_path: Path
) -> None:
    folder = run(passed)  # of another lab than this course has

    for words in (["review", str(tmp_path / "no")], ["review", str(folder), "--submission", str(tmp_path)]):
        done = desk.lab(*words)
        assert done.returncode == 2 and done.stdout == "" and done.stderr.startswith("lab: ")
        assert "Traceback" not in done.stderr
    assert not list((desk.root / ".brownout/stage").glob("*"))


def test_a_receipt_is_not_believed_without_a_key(
    course: Course, run: Callable[[Result], Path], passed: Result, tmp_path: Path
) -> None:
    folder = run(passed)
    (folder / "receipt.json").write_text('{"payload": "e30=", "signatures": []}')
    assert course.lab("receipt", "key", str(tmp_path / "team.pem")).returncode == 0

    course.lab("review", str(folder))
    unchecked = (tmp_path / "run-review.html").read_text()
    course.lab("review", str(folder), "--public", str(tmp_path / "team.pem.pub"))

    assert "<dt>receipt</dt><dd>not checked</dd>" in unchecked
    assert "<dt>receipt</dt><dd>does not verify</dd>" in (tmp_path / "run-review.html").read_text()
