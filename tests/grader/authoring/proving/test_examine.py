"""Which rows have no verdict for the machine's sake, and how many may."""

from __future__ import annotations

import pytest

from grader.authoring.proving.examine import Told, by_the_machine
from grader.authoring.proving.matrix import Row


def row(got: str, *reasons: str) -> Row:
    return Row("desk", "reference", "reference", "pass", got, "", False, 20.0, (), reasons, 3, "", {})


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
    assert by_the_machine(row(got, *reasons)) is by_machine


@pytest.mark.parametrize(
    ("examined", "unproven", "too_many"), [(0, 0, False), (3, 1, False), (3, 2, True), (30, 3, False), (30, 4, True)]
)
def test_few_rows_may_go_without_a_verdict(examined: int, unproven: int, too_many: bool) -> None:
    told = Told(examined=[row("invalid")] * examined, unproven=[f"row {n}" for n in range(unproven)])

    assert told.too_many_unproven is too_many
