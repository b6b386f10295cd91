"""Every twist that is found: it can be read aloud, its experiments can run, and controls stand or fall as it says."""

from __future__ import annotations

import re

import pytest

from grader.authoring.proving.matrix import Row, verify_twist
from grader.chaos.check import check_experiment
from grader.course import catalog
from grader.course.twist import Twist, find
from grader.exam.draw import draw_trial
from infra.runtime import runtime

TWO_EACH = ("canary", "drift", "latency-spike", "rag-chaos", "resumable-pipeline", "stale-pipeline")
"""Labs that have to have two twists at least."""

FOUND = [
    (lab_id, name)
    for lab_id in catalog.lab_ids()
    if catalog.has_exam(lab_id)
    for name in find(catalog.find_scenario(catalog.find_lab(lab_id)))
]


def read(lab_id: str, name: str) -> Twist:
    exam = catalog.find_scenario(catalog.find_lab(lab_id))
    return Twist(exam, find(exam)[name])


@pytest.mark.parametrize("lab_id", TWO_EACH)
def test_a_lab_has_two_twists_and_something_to_mend(lab_id: str) -> None:
    twists = [read(lab, name) for lab, name in FOUND if lab == lab_id]

    assert len(twists) >= 2
    assert any(twist.mend.is_file() for twist in twists)


@pytest.mark.parametrize(("lab_id", "name"), FOUND)
def test_a_twist_can_be_read_aloud_and_its_experiments_can_run(lab_id: str, name: str) -> None:
    twist = read(lab_id, name)

    assert 2 <= len(re.findall(r"[.!?](?:\s|$)", twist.told.brief)) <= 5
    assert len(twist.told.proof) >= 2 and len(twist.told.questions) >= 2
    for trial in twist.spec.trials:
        parameters = draw_trial(twist, trial.id, 0, 1, seed=1).parameters
        check_experiment(twist.folder / trial.experiment, parameters, twist.folder)


@pytest.mark.proof
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("lab_id", "name"), FOUND)
def test_controls_stand_or_fall_as_a_twist_says(lab_id: str, name: str) -> None:
    rows = verify_twist(read(lab_id, name), runtime("process"), seed=20261129)

    assert [said(row) for row in rows if not row.holds and row.got != "invalid"] == []
    assert any(row.holds for row in rows) or pytest.skip("this machine was too busy to prove anything")


def said(row: Row) -> str:
    return f"{row.control}: {row.got}, {row.note}"
