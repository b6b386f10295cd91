"""`lab convert`: what it prints and writes, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.formats import FORMATS
from grader.result import Result
from tests.grader.course import Course
from tests.grader.formats.conftest import ENVIRONMENT, hostile


@pytest.fixture
def run(tmp_path: Path) -> Callable[[Result], Path]:
    """A run folder with no more than its result."""

    def make(result: Result) -> Path:
        folder = tmp_path / "run"
        folder.mkdir()
        (folder / "result.json").write_text(json.dumps(result.to_json()))
        return folder

    return make


@pytest.fixture(autouse=True)
def job(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("name", FORMATS)
def test_file_and_stdout_are_the_same(
    course: Course, run: Callable[[Result], Path], failed: Result, tmp_path: Path, name: str
) -> None:
    folder, out = run(hostile(failed)), tmp_path / "out"
    out.write_text("older")

    written = course.lab("convert", str(folder), "--to", name, "--out", str(out))
    printed = course.lab("convert", str(folder / "result.json"), "--to", name, "--out", "-")

    assert (written.returncode, printed.returncode) == (0, 0), written.stderr
    assert written.stdout == written.stderr == ""
    assert printed.stdout == out.read_text() != ""


@pytest.mark.parametrize("name", FORMATS)
def test_an_invalid_run_is_no_score_and_leaves_no_older_one(
    course: Course, run: Callable[[Result], Path], invalid: Result, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out"
    out.write_text('{"score": 100}')

    done = course.lab("convert", str(run(invalid)), "--to", name, "--out", str(out))

    if name in ("classroom50", "gradescope"):
        assert done.returncode == 3 and not out.exists()
        assert done.stderr.startswith("lab: This run proves nothing") and done.stderr.count("\n") == 1
    else:
        assert done.returncode == 0 and out.stat().st_size > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--to", "html"], "html: is no format; there are annotations, classroom50, ctrf"),
        (["run", "--to", "ctrf", "--out", "run/result.json"], "lies in the run"),
        (["run", "--to", "ctrf", "--out", "run/more/ctrf.json"], "lies in the run"),
        (["run/result.json", "--to", "ctrf", "--out", "run/result.json"], "lies in the run"),
        (["run", "--to", "ctrf", "--out", "nowhere/ctrf.json"], "cannot be written"),
        (["nowhere", "--to", "ctrf"], "does not exist"),
    ],
)
def test_bad_input_is_one_sentence(
    course: Course, run: Callable[[Result], Path], failed: Result, tmp_path: Path, arguments: list[str], said: str
) -> None:
    folder = run(failed)
    before = (folder / "result.json").read_bytes()
    there = [str(tmp_path / word) if word.startswith(("run", "nowhere")) else word for word in arguments]

    done = course.lab("convert", *there)

    assert done.returncode == 2 and said in done.stderr and done.stderr.count("\n") == 1
    assert (folder / "result.json").read_bytes() == before
