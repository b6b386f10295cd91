"""How often an exam ends in what: exact shares, against simulated exams and the judge's own rule."""

from __future__ import annotations

import random

import pytest

from grader.authoring.audit.power import bad_events, bounds, odds, weak
from grader.course.spec import ScenarioSpec
from grader.exam.run import ALPHA
from grader.judge.decide import Counts, Errors, decide
from grader.result import Verdict


def spec(rounds: int = 2, further: int = 1) -> ScenarioSpec:
    return ScenarioSpec.model_validate(
        {
            "lab": "x",
            "rounds": rounds,
            "more": {"rounds": further},
            "timeline": [{"phase": "run", "seconds": 1, "rate": 1}],
            "trials": [{"id": "one"}],
            "objectives": {"right": {"trials": ["one"]}},
        }
    )


@pytest.mark.parametrize("total", [1, 20, 80, 400])
@pytest.mark.parametrize("target", [0.5, 0.8, 0.95, 0.99])
def test_bounds_are_where_the_judge_changes_its_mind(total: int, target: float) -> None:
    errors = Errors.of_exam(ALPHA, 6)
    passes, fails = bounds(total, target, errors)
    said = [decide(Counts(total - bad, total, 0), target, errors) for bad in range(total + 1)]
    assert [v is Verdict.PASS for v in said] == [bad <= passes for bad in range(total + 1)]
    assert [v is Verdict.FAIL for v in said] == [bad >= fails for bad in range(total + 1)]


def test_bad_events_of_cases_come_together() -> None:
    assert bad_events([1, 1], 0.5).tolist() == [0.25, 0.5, 0.25]
    assert bad_events([2], 0.25).tolist() == [0.75, 0.0, 0.25]


@pytest.mark.parametrize(("cases", "budget"), [([1] * 60, 1.0), ([1] * 60, 2.0), ([5] * 12, 0.5)])
def test_shares_are_those_of_simulated_exams(cases: list[int], budget: float) -> None:
    told = odds(spec(), 3, 0.85, cases, budget)
    rng, exams, errors = random.Random(7), 3000, Errors.of_exam(ALPHA, 3)
    seen = dict.fromkeys(("passed", "failed", "later_pass", "later_fail", "close_pass", "close_fail"), 0)
    for _ in range(exams):
        seen[_exam(cases, budget * 0.15, rng, errors)] += 1
    for name, count in seen.items():
        assert getattr(told, name) == pytest.approx(count / exams, abs=0.035), name
    assert told.passes + told.fails == pytest.approx(1.0)


def _exam(cases: list[int], ratio: float, rng: random.Random, errors: Errors) -> str:
    bad = total = 0
    for n in (1, 2, 3):
        bad += sum(size for size in cases if rng.random() < ratio)
        total += sum(cases)
        verdict = decide(Counts(total - bad, total, 0), 0.85, errors)
        if verdict is Verdict.PASS:
            return "passed" if n < 3 else "later_pass"
        if verdict is Verdict.FAIL:
            return "failed" if n < 3 else "later_fail"
    return "close_pass" if bad <= 0.15 * total else "close_fail"


def test_few_large_cases_are_named_and_many_small_ones_are_not() -> None:
    found = list(weak(spec(), {"right": 0.95}, {"right": [50] * 4}))
    assert [one.key for one in found] == ["power/right"]
    assert "200 events of 4 cases" in found[0].says
    assert list(weak(spec(), {"right": 0.95}, {"right": [1] * 200})) == []
    assert list(weak(spec(), {"right": 0.95}, {"right": []})) == []
