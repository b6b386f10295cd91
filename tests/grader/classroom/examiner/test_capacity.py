"""How many exams at once, and when none begins."""

from __future__ import annotations

from typing import Any

import pytest

from grader.classroom.examiner.capacity import at_once, cores, held


def node(cpu: str, **spec: Any) -> dict[str, Any]:
    return {"spec": spec, "status": {"allocatable": {"cpu": cpu}}}


def test_processors_are_added_up_where_pods_may_go() -> None:
    assert cores([node("4"), node("1900m"), node("64", unschedulable=True)]) == pytest.approx(5.9)


@pytest.mark.parametrize(
    ("found", "asked", "expected"), [(0.5, 0, 1), (2, 0, 1), (3.9, 0, 1), (4, 0, 2), (16, 0, 8), (2, 3, 3)]
)
def test_at_least_one_and_as_asked(found: float, asked: int, expected: int) -> None:
    assert at_once(found, asked) == expected


def test_a_busy_cluster_holds_exams_and_says_so() -> None:
    assert "work takes 4.0 times as long" in held([1, 4, 4, 4, 1])


def test_one_slow_moment_holds_nothing() -> None:
    assert held([1, 1, 9, 1, 1]) == "" and held([]) == ""
