"""Which rows of the matrix `tests/proof` examines, and in which order."""

from __future__ import annotations

from grader.catalog import find_lab, find_scenario, lab_ids
from tests.proof.test_matrix import WHOLE, cases


def test_every_commit_examines_every_control_and_the_hearts_first() -> None:
    one, another = list(cases("one")), list(cases("another"))
    hearts = {(lab, name) for place, lab, name in one if place != WHOLE}
    first = [(lab, name) for place, lab, name in one if place == WHOLE][: len(hearts)]
    controls = {(lab, name) for lab in lab_ids() for name in find_scenario(find_lab(lab)).controls}

    assert sorted(one) == sorted(another) and one != another
    assert {(lab, name) for place, lab, name in one if place == WHOLE} == controls
    assert set(first) == hearts and len(hearts) == 3 * len(lab_ids())
