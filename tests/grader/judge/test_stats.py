from __future__ import annotations

import math
import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import integrate

from grader.judge.decide import Counts, Errors, decide
from grader.judge.stats import highest, log_evidence_fail, log_evidence_pass, lowest
from grader.result import Verdict

COUNT = st.integers(0, 3000)
RATIO = st.floats(0.005, 0.5)
ERRORS = Errors.of_exam(0.05, 7)


@pytest.mark.parametrize(("bad", "good", "p0"), [(0, 90, 0.05), (3, 97, 0.1), (40, 160, 0.1), (5, 5, 0.3)])
def test_evidence_is_the_average_likelihood_ratio(bad: int, good: int, p0: float) -> None:
    def ratio(q: float) -> float:
        return float(q**bad * (1 - q) ** good / (p0**bad * (1 - p0) ** good))

    below = integrate.quad(ratio, 0, p0)[0] / p0
    above = integrate.quad(ratio, p0, 1)[0] / (1 - p0)

    assert math.exp(log_evidence_pass(bad, good, p0)) == pytest.approx(below, rel=1e-6)
    assert math.exp(log_evidence_fail(bad, good, p0)) == pytest.approx(above, rel=1e-6)


@given(bad=COUNT, good=COUNT, p0=RATIO)
@example(bad=540, good=264, p0=0.10546875)
def test_more_bad_events_are_never_better(bad: int, good: int, p0: float) -> None:
    assert log_evidence_pass(bad + 1, good, p0) <= log_evidence_pass(bad, good, p0) + 1e-9
    assert log_evidence_fail(bad + 1, good, p0) >= log_evidence_fail(bad, good, p0) - 1e-9


@given(bad=COUNT, good=COUNT, remaining=st.integers(0, 500), target=st.floats(0.5, 0.99))
def test_a_bad_event_never_turns_fail_into_pass(bad: int, good: int, remaining: int, target: float) -> None:
    order = [Verdict.PASS, Verdict.UNDECIDED, Verdict.FAIL]

    before = decide(Counts(good, good + bad, remaining), target, ERRORS)
    after = decide(Counts(good, good + bad + 1, remaining), target, ERRORS)
    swapped = decide(Counts(max(good - 1, 0), good + bad, remaining), target, ERRORS)

    assert order.index(after) >= order.index(before)
    assert order.index(swapped) >= order.index(before)


@given(
    seen=st.lists(st.booleans(), max_size=300), rest=st.lists(st.booleans(), max_size=300), target=st.floats(0.5, 0.98)
)
def test_what_is_decided_early_is_what_the_whole_says(seen: list[bool], rest: list[bool], target: float) -> None:
    early = decide(Counts(sum(seen), len(seen), len(rest)), target, ERRORS)
    whole = decide(Counts(sum(seen) + sum(rest), len(seen) + len(rest), 0), target, ERRORS)

    assert early in (Verdict.UNDECIDED, whole)


@given(bad=COUNT, good=COUNT)
def test_the_interval_holds_the_estimate_and_agrees_with_the_decision(bad: int, good: int) -> None:
    low, high = lowest(bad, good, 0.01), highest(bad, good, 0.01)

    assert 0 <= low <= high <= 1
    if bad + good:
        assert low <= bad / (bad + good) <= high
    for target in (0.8, 0.95):
        verdict = decide(Counts(good, bad + good, 0), target, Errors(0.01, 0.01))
        if high < 1 - target - 1e-5:
            assert verdict is Verdict.PASS
        if low > 1 - target + 1e-5:
            assert verdict is Verdict.FAIL


def test_no_events_decide_nothing() -> None:
    assert decide(Counts(0, 0, 0), 0.5, ERRORS) is Verdict.UNDECIDED
    assert (lowest(0, 0, 0.05), highest(0, 0, 0.05)) == (0.0, 1.0)


@pytest.mark.parametrize("p0", [0.05, 0.2])
def test_looking_after_every_event_keeps_the_error(p0: float) -> None:
    """At the bound itself, where it is hardest: 400 streams of 800 events, looked at 80 times each."""
    rng = random.Random(4)
    wrong_pass = wrong_fail = 0
    for _ in range(400):
        bad, passed, failed = 0, False, False
        for n in range(1, 801):
            bad += rng.random() < p0
            if n % 10 == 0:
                passed |= log_evidence_pass(bad, n - bad, p0) >= math.log(20)
                failed |= log_evidence_fail(bad, n - bad, p0) >= math.log(20)
        wrong_pass += passed
        wrong_fail += failed

    assert wrong_pass <= 0.05 * 400
    assert wrong_fail <= 0.05 * 400
