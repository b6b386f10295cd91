"""The page of powers: who is named, and what a budget ends in."""

from __future__ import annotations

import csv
from io import StringIO

from benchmarks.power import COLUMNS, Power, page, sheet
from grader.authoring.audit.power import Odds

STRONG = Odds(1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0), Odds(0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0)
LUCKY = Odds(0.8, 0.2, 0.0, 0.0, 0.0, 0.0, 1.0)


def test_only_a_weak_objective_is_on_the_page_and_all_are_in_the_sheet() -> None:
    found = [
        Power("desk", "right", 0.9, 2, (1,) * 80, *STRONG),
        Power("desk", "odd", 0.95, 2, (40,) * 4, LUCKY, STRONG[1]),
    ]

    text = page(found)

    assert "1 of 2 objectives end in the right verdict" in text
    assert "| `desk`, odd | 95 % | 160, 4 | 100 | 80.0 |" in text and "`desk`, right" not in text
    rows = list(csv.DictReader(StringIO(sheet(found))))
    assert tuple(rows[0]) == COLUMNS and [row["half_passes"] for row in rows] == ["1.000", "0.800"]


def test_a_close_call_takes_the_place_of_invalid_and_ends_on_the_right_side_far_from_the_bound() -> None:
    rows = [line.strip("| \n").split(" | ") for line in page([]).splitlines() if line.startswith("| 400, 95 % |")]

    assert [row[1] for row in rows] == ["0.5", "0.8", "1", "1.25", "2"]
    for row in rows:
        passed, close_pass, close_fail, failed, _, before_pass, invalid, before_fail = map(float, row[2:10])
        assert abs(passed + close_pass + close_fail + failed - 100) < 0.3
        assert abs(before_pass + invalid + before_fail - 100) < 0.3
        assert passed >= before_pass and failed >= before_fail
    assert float(rows[0][2]) > 95 and float(rows[-1][5]) > 99
