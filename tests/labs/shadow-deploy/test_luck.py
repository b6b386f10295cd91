"""Controls in virtual time over draws: who has to pass burns at most half of each budget, a fake twice its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.intake.controls import copy_control
from tests.labs.cast.model_pool import exams

LAB = "shadow-deploy"
SLOW = [case for case in exams.luck_cases(LAB) if case.id != "reference"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("control", "seeds"), SLOW)
def test_a_control_burns_what_it_should(control: str, seeds: int) -> None:
    exams.check_luck(LAB, control, seeds)


@pytest.mark.parametrize(("kind", "word"), [("late-bad", "v1"), ("better", "v2")])
def test_the_reference_decides_right(tmp_path: Path, kind: str, word: str) -> None:
    exam = exams.exam_of(LAB)
    copy_control(exam, "reference", tmp_path)

    rows = [row for row in exams._trial(exam, kind, tmp_path, 1) if row["phase"] == "settled"]

    assert {row["answer"] for row in rows} == {word}
