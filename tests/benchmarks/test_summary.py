"""The table of exams in README.md, on made-up exams."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.summary import ROWS, summary
from tests.benchmarks.test_verdicts import BAD, GOOD, INVALID, body


def test_each_runtime_has_a_column_and_all_together_one() -> None:
    wrong = replace(GOOD, runtime="k8s", got="fail", holds=False, machine="busy1")
    drowned = replace(INVALID, runtime="k8s", control="other", machine="busy6")
    lines = body(summary([BAD, replace(GOOD, duration_s=30.0), wrong, drowned, replace(BAD, runtime="k8s")], 4))

    assert lines[ROWS[0]] == ["1 of 4", "2 of 4", "3 of 8"]
    assert lines[ROWS[1]] == ["1, 1, 1", "2, 0, 0", "3, 1, 1"]
    assert [cell.partition(",")[0] for cell in lines[ROWS[2]]] == ["0 of 1", "0 of 1", "0 of 2"]
    assert [cell.partition(",")[0] for cell in lines[ROWS[3]]] == ["1 of 1 (100.0 %)", "0 of 1", "1 of 2 (50.0 %)"]
    assert lines[ROWS[4]] == ["1", "0", "1"]
    assert lines[ROWS[5]] == ["8.0, -", "8.0, 30.0", "8.0, 30.0"]
