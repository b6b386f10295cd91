"""Which rows of the matrix `tests/proof` examines, in which order, and of which it asks no verdict."""

from __future__ import annotations

import pytest

from grader.course.catalog import find_lab, find_scenario, lab_ids
from grader.verify import Row
from tests.proof.conftest import Told
from tests.proof.test_matrix import WHOLE, by_the_machine, cases


@pytest.mark.parametrize("elsewhere", [False, True])
def test_every_commit_examines_every_control_and_begins_with_what_no_other_runtime_sees(elsewhere: bool) -> None:
    one, another = list(cases("one", elsewhere=elsewhere)), list(cases("another", elsewhere=elsewhere))
    hearts = {(lab, name) for place, lab, name in one if place != WHOLE}
    whole = [(lab, name) for place, lab, name in one if place == WHOLE]
    controls = {(lab, name) for lab in lab_ids() for name in find_scenario(find_lab(lab)).controls}

    assert sorted(one) == sorted(another) and one != another
    assert set(whole) == controls and len(hearts) == 3 * len(lab_ids())
    assert set(whole[-len(hearts) :] if elsewhere else whole[: len(hearts)]) == hearts


@pytest.mark.parametrize(
    ("got", "reasons", "by_machine"),
    [
        ("invalid", ("machine-busy",), True),
        ("invalid", ("load-late", "machine-slow"), True),
        ("invalid", ("machine-slow", "no-evidence"), True),
        ("invalid", ("no-evidence",), False),
        ("invalid", ("machine-busy", "undecided"), False),
        ("invalid", ("fault-unseen",), False),
        ("invalid", (), False),
        ("fail", ("machine-busy",), False),
        ("pass", (), False),
    ],
)
def test_only_a_machine_that_allowed_no_verdict_excuses_a_row(
    got: str, reasons: tuple[str, ...], by_machine: bool
) -> None:
    row = Row("desk", "reference", "reference", "pass", got, "", False, 20.0, (), reasons, 3, "", {})

    assert by_the_machine(row) is by_machine


@pytest.mark.parametrize(
    ("examined", "unproven", "too_many"), [(0, 0, False), (3, 1, False), (3, 2, True), (30, 3, False), (30, 4, True)]
)
def test_few_rows_may_go_without_a_verdict(examined: int, unproven: int, too_many: bool) -> None:
    assert Told(examined, [], [f"row {n}" for n in range(unproven)]).too_many is too_many
