"""Pairs of exams with and without the page: what is said of them."""

from __future__ import annotations

from benchmarks.live import Cost, Exam, rows

PASS = Exam("pass", (), 15.0, 1.5)
FAIL = Exam("fail", ("right",), 16.0, 1.6)


def test_a_pair_differs_in_verdict_or_in_what_was_missed() -> None:
    other = Exam("fail", ("fast",), 16.0, 1.6)

    without, with_, differ, cores, memory = rows([(PASS, PASS), (PASS, FAIL), (FAIL, other)], [Cost(0.02, 40_000_000)])

    assert without[:4] == ["no page", "3", "2", "0"] and with_[:4] == ["page open", "3", "1", "0"]
    assert differ[1] == "2" and cores[1] == "0.020" and memory[1] == "40"
