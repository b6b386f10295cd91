"""The recipes, run for real on the toy lab: what each leaves and how it ends for a pass, a fail and an invalid run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml

from tests.calm import BOUNDS
from tests.grader.course import REPOSITORY
from tests.grader.exam.conftest import nothing_is_left, own_home, toy
from tests.grader.exam.toy import LAB_ID, Toy
from tests.grader.formats.conftest import ENVIRONMENT
from tests.recipes.steps import RECIPES, act

__all__ = ["nothing_is_left", "own_home", "toy"]
pytestmark = pytest.mark.slow

CODES = {"pass": 0, "fail": 1, "invalid": 3}
VERDICTS = pytest.mark.parametrize("verdict", CODES)


@pytest.fixture
def job(tmp_path: Path, toy: Toy) -> dict[str, str]:
    """The environment of a job, with this checkout's `lab` on its path."""
    programs = tmp_path / "bin"
    programs.mkdir()
    lab = programs / "lab"
    lab.write_text(f'#!/bin/sh\nPYTHONPATH="{REPOSITORY}" exec "{sys.executable}" -P -m grader.cli "$@"\n')
    lab.chmod(0o755)
    return {**toy.course.environment, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def handed_in(toy: Toy, tmp_path: Path) -> Callable[[str, str], Path]:
    """A submission that comes out with a verdict, as a folder of this name."""

    def make(verdict: str, name: str) -> Path:
        if verdict == "fail":
            toy.candidate(at_each="return None")
        if verdict == "invalid":
            toy.scenario(evidence={**BOUNDS, "slowdown": 1e-6})
        folder = tmp_path / name
        folder.parent.mkdir(parents=True, exist_ok=True)
        return toy.submission.rename(folder)

    return make


def run(words: list[Any], environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words], cwd=folder, env=environment, capture_output=True, text=True, timeout=110
    )


@VERDICTS
def test_plain(job: dict[str, str], handed_in: Callable[[str, str], Path], tmp_path: Path, verdict: str) -> None:
    words = [RECIPES / "plain.sh", LAB_ID, handed_in(verdict, "answer"), tmp_path / "out", "process"]

    done = run(words, job, tmp_path)
    again = run(words, job, tmp_path)

    assert done.returncode == CODES[verdict], done.stderr
    [suite] = JUnitXml.fromfile(str(tmp_path / "out" / "junit.xml"))
    summary = json.loads((tmp_path / "out" / "ctrf.json").read_text())["results"]["summary"]
    assert (suite.failures > 0) is (summary["failed"] > 0) is (verdict == "fail")
    assert (suite.failures + suite.errors == 0) is (verdict == "pass")
    assert (summary["passed"] == summary["tests"] > 0) is (verdict == "pass")
    assert verdict != "invalid" or summary["other"] == summary["tests"]
    assert (tmp_path / "out" / "summary.md").stat().st_size
    assert again.returncode == 2 and "name a new folder" in again.stderr


def test_plain_of_a_refused_submission_is_bad_input(job: dict[str, str], tmp_path: Path) -> None:
    done = run([RECIPES / "plain.sh", LAB_ID, tmp_path / "nothing", tmp_path / "out", "process"], job, tmp_path)

    assert done.returncode == 2 and "lab: " in done.stderr and not list((tmp_path / "out").glob("*.*"))


@VERDICTS
def test_gradescope(job: dict[str, str], handed_in: Callable[[str, str], Path], tmp_path: Path, verdict: str) -> None:
    handed_in(verdict, "autograder/submission")
    results = tmp_path / "autograder" / "results" / "results.json"
    results.parent.mkdir()
    results.write_text('{"score": 100}')
    environment = {**job, "AUTOGRADER": str(tmp_path / "autograder"), "LAB_ID": LAB_ID}

    done = run([RECIPES / "gradescope" / "run_autograder"], environment, tmp_path / "autograder")

    if verdict == "invalid":
        assert done.returncode == 3 and not results.exists()
        return
    assert done.returncode == 0, done.stderr
    tests = json.loads(results.read_text())["tests"]
    points, most = sum(test["score"] for test in tests), sum(test["max_score"] for test in tests)
    assert (points == most) is (verdict == "pass") and most > 0


@VERDICTS
def test_classroom50(job: dict[str, str], handed_in: Callable[[str, str], Path], tmp_path: Path, verdict: str) -> None:
    checkout = handed_in(verdict, f"checkout/work/{LAB_ID}").parents[1]  # as `lab export` lays it out
    (checkout / "json.py").write_text("raise SystemExit('the student was imported')\n")
    (checkout / "result.json").write_text('{"score": 100}')
    (tmp_path / "mine.txt").write_text("of the runner")
    (checkout / "release-body.md").symlink_to(tmp_path / "mine.txt")
    environment = {**job, **ENVIRONMENT, "ASSIGNMENT": LAB_ID}

    done = run([sys.executable, RECIPES / "classroom50" / "autograder.py"], environment, checkout)

    if verdict == "invalid":
        assert done.returncode == 3 and not (checkout / "result.json").exists()
        return
    assert done.returncode == 0, done.stderr
    result = json.loads((checkout / "result.json").read_text())
    assert (result["score"] == result["max-score"]) is (verdict == "pass") and result["assignment"] == LAB_ID
    assert (checkout / "release-body.md").read_text().startswith("## ")
    assert (tmp_path / "mine.txt").read_text() == "of the runner"


@VERDICTS
def test_github(job: dict[str, str], handed_in: Callable[[str, str], Path], tmp_path: Path, verdict: str) -> None:
    inputs = {"lab": LAB_ID, "submission": str(handed_in(verdict, "answer")), "runtime": "process"}

    code, printed, page, told = act(tmp_path, inputs, job)

    assert (code, told) == (CODES[verdict], verdict)
    orders = [line.split()[0] for line in printed.splitlines() if line.startswith("::")]
    assert set(orders) == {"pass": set(), "fail": {"::error"}, "invalid": {"::warning"}}[verdict]
    assert page.count("\n## ") + page.startswith("## ") == 1


def test_github_of_a_refused_submission_has_no_verdict(job: dict[str, str], tmp_path: Path) -> None:
    code, _, page, told = act(tmp_path, {"lab": LAB_ID, "submission": "nothing", "runtime": "process"}, job)

    assert (code, told, page) == (2, "none", "")
