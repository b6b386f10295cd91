"""`benchmarks.strangers`: what it holds next, and its table; and that all of its submissions could be handed in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.strangers import SUBMISSIONS, missing, submissions, summary
from grader.candidate.submission import stage
from grader.course.catalog import find_lab, lab_ids
from tests.benchmarks.test_verdicts import GOOD, INVALID, body

ALL = [(lab, folder) for lab in lab_ids() for folder in submissions(lab)]


def test_each_is_examined_as_often_as_the_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / "desk" / name).mkdir(parents=True)
    monkeypatch.setattr("benchmarks.strangers.SUBMISSIONS", tmp_path)
    held = [replace(GOOD, control=name) for name in ("a", "a", "b")] + [replace(GOOD, lab="other", control="c")]

    assert [path.name for path in missing("desk", held, 2)] == ["c", "b", "c"]
    assert list(missing("other", held, 2)) == []


def test_a_fail_is_a_false_one_and_an_invalid_exam_is_none() -> None:
    close = replace(GOOD, control="a", burn={"right": 0.25, "fast": 0.61})
    wrong = replace(GOOD, control="b", got="fail", holds=False, burn={"fast": 0.6})
    lines = body(summary([close, wrong, replace(INVALID, control="b", machine="busy1")]))

    quiet = lines["`desk`, process, idle"]
    assert quiet[:2] == ["2", "2"] and quiet[2].startswith("1 of 2") and quiet[3].startswith("0 of 2")
    assert quiet[4] == "0.61 (fast, a)"
    assert lines["`desk`, process, busy1"][2:5:2] == ["-", "-"]
    assert lines["**all**"][:2] == ["2", "3"] and lines["**all**"][3].startswith("1 of 3")


@pytest.mark.parametrize(("lab", "folder"), ALL, ids=[f"{lab}/{folder.name}" for lab, folder in ALL])
def test_each_may_be_handed_in(lab: str, folder: Path, tmp_path: Path) -> None:
    assert stage(find_lab(lab), folder, tmp_path / "stage").path.is_dir()


def test_every_folder_is_one_of_a_lab_s_and_says_what_it_is() -> None:
    assert sorted(SUBMISSIONS.iterdir()) == sorted({folder.parent for _, folder in ALL})
    assert all(folder.with_suffix(".md").is_file() for _, folder in ALL)
