"""The simulated queue against what is known of queues, and the ways of judging against `decide` itself."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from benchmarks.dependence import EXAM_S, RATE, TARGET, Queue, Simulation, at_the_bound, faulty, simulate
from benchmarks.judges import by_blocks, curtailed, deflated, limits, once, peeking
from benchmarks.pictures import draw_all
from benchmarks.queueing import arrivals, design_effect, latencies, services
from benchmarks.tables import README, replaced
from grader.judge.decide import Counts, Errors, decide
from grader.load.plan import PlannedPhase
from grader.load.schedule import schedule
from grader.result import Verdict

ERRORS = Errors.of_exam(0.05, 1)
SIGN = {Verdict.PASS: 1, Verdict.FAIL: -1, Verdict.UNDECIDED: 0}


def test_even_arrivals_are_the_generators_own() -> None:
    found = arrivals("even", 3, rate=20, seconds=4, seed=5)

    phase = PlannedPhase(phase="all", start=0, seconds=4, rate=20)
    assert found.shape == (3, 80)
    assert found[2].tolist() == [arrival.due for arrival in schedule([phase], 17)]


@pytest.mark.parametrize("kind", ["exponential", "lognormal"])
def test_service_times_have_the_mean_that_was_asked_for(kind: str) -> None:
    times = services(kind, 0.04, (400, 500), np.random.default_rng(1))

    assert times.mean() == pytest.approx(0.04, rel=0.02)
    assert times.std() == pytest.approx(0.04 * (1 if kind == "exponential" else 1.5), rel=0.1)


@pytest.mark.parametrize(
    ("servers", "busy", "wait_over_service"), [(1, 0.6, 1.5), (1, 0.3, 0.3 / 0.7), (4, 0.8, 0.7455)]
)
def test_waiting_is_what_erlang_says(servers: int, busy: float, wait_over_service: float) -> None:
    """Poisson arrivals, exponential service: Erlang's C over (servers - load), in service times."""
    due = arrivals("poisson", 600, rate=50, seconds=60, seed=3)
    service = services("exponential", servers * busy / 50, due.shape, np.random.default_rng(4))

    waits = (latencies(due, service, servers) - service)[:, 1000:]

    assert waits.mean() / service.mean() == pytest.approx(wait_over_service, rel=0.06)


def test_requests_are_served_in_order_by_the_first_free_server() -> None:
    due = np.array([[0.0, 1.0, 2.0, 3.0]])
    service = np.array([[5.0, 1.5, 4.0, 1.0]])

    assert latencies(due, service, servers=2).tolist() == [[5.0, 1.5, 4.5, 3.0]]
    assert latencies(due, service, servers=1).tolist() == [[5.0, 5.5, 8.5, 8.5]]


def test_the_design_effect_is_one_for_coins_and_the_size_of_a_block_for_blocks() -> None:
    rng = np.random.default_rng(2)
    coins = rng.random((3000, 120)) < 0.1
    whole = np.repeat(rng.random((3000, 4)) < 0.1, 30, axis=1)

    assert design_effect(coins, 30) == pytest.approx(1, abs=0.06)
    assert design_effect(whole, 30) == pytest.approx(30, rel=0.06)


@pytest.mark.parametrize("ratio", [0.01, 0.03, 0.05, 0.09, 0.3])
def test_the_judge_in_arrays_is_the_judge(ratio: float) -> None:
    """Look by look with `decide` itself: the first verdict of each exam."""
    rng = np.random.default_rng(8)
    bad = rng.random((12, 300)) < ratio
    seen = np.sort(rng.integers(0, 301, (12, 7)), axis=1)
    seen[:, -1] = 300
    late = np.take_along_axis(np.cumsum(np.pad(bad, ((0, 0), (1, 0))), axis=1), seen, axis=1)

    found = curtailed(late, seen, TARGET, ERRORS)

    for exam in range(12):
        told = (
            decide(Counts(int(s - b), int(s), int(300 - s)), TARGET, ERRORS)
            for b, s in zip(late[exam], seen[exam], strict=True)
        )
        assert found[exam] == next((SIGN[v] for v in told if v is not Verdict.UNDECIDED), 0)


def test_limits_are_where_the_verdict_turns() -> None:
    most, least = limits(600, TARGET, ERRORS)

    told = [decide(Counts(600 - bad, 600, 0), TARGET, ERRORS) for bad in (most, most + 1, least - 1, least)]
    assert told == [Verdict.PASS, Verdict.UNDECIDED, Verdict.UNDECIDED, Verdict.FAIL]
    assert limits(3, TARGET, ERRORS)[0] == -1 and limits(0, TARGET, ERRORS) == (-1, 1)


def test_a_fixed_sample_bound_is_clopper_and_pearsons() -> None:
    """facts: 95 % of 1,000: 38 bad pass, 63 fail."""
    late = np.array([[38], [39], [62], [63]])

    assert once(late, np.full((4, 1), 1000), TARGET, ERRORS).tolist() == [1, 0, 0, -1]


def test_peeking_lets_the_first_look_stand() -> None:
    late, seen = np.array([[0, 400], [10, 10], [3, 30]]), np.array([[100, 1000], [20, 1000], [60, 600]])

    assert peeking(late, seen, TARGET, ERRORS).tolist() == [1, -1, 0]


def test_blocks_keep_their_error_and_see_what_is_broken() -> None:
    rng = np.random.default_rng(3)
    whole = (rng.random((4000, 100)) < 0.2).astype(float)

    assert (by_blocks(whole, 0.8, ERRORS) == -1).mean() <= 0.05
    assert (by_blocks(whole, 0.8, ERRORS) == 1).mean() <= 0.05
    assert set(by_blocks(np.full((2, 12), 0.5), 0.8, ERRORS).tolist()) == {-1}
    assert set(by_blocks(np.zeros((2, 40)), 0.8, ERRORS).tolist()) == {1}


def test_deflation_is_ours_where_blocks_agree_and_shy_where_they_do_not() -> None:
    same, apart = np.full((1, 12), 0.15), np.array([[0.6] * 3 + [0.0] * 9])

    assert deflated(same, 720, TARGET, ERRORS).tolist() == [-1]
    assert deflated(apart, 720, TARGET, ERRORS).tolist() == [0]
    assert deflated(np.zeros((1, 12)), 720, TARGET, ERRORS).tolist() == [1]


def test_the_truth_lies_where_it_was_put() -> None:
    for factor, exams in Simulation(400, seed=1).held(Queue("even", "exponential", 4, 0.3)):
        late, seen = exams.looks

        assert exams.bad.mean() == pytest.approx(factor * (1 - TARGET), rel=0.05)
        assert exams.due.min() > 0 and exams.due.max() < EXAM_S
        assert (seen[:, -1] == RATE * EXAM_S).all() and (late[:, -1] == exams.bad.sum(axis=1)).all()
        assert (np.diff(seen) >= 0).all() and (late <= seen).all()


def test_the_error_holds_where_requests_hardly_wait_and_not_where_they_queue() -> None:
    """What docs/verdicts.md says of 30 % and of 80 %, on fewer exams."""
    simulation = Simulation(300, seed=2)
    calm, queued = (
        simulate(Queue("even", "lognormal", 4, busy), simulation, ERRORS, Errors.of_exam(0.05, 6))
        for busy in (0.3, 0.8)
    )

    assert calm.share(1, "ours", 1) + calm.share(1, "ours", -1) <= 0.05
    assert calm.share(1, "peeking", 1) + calm.share(1, "peeking", -1) > 0.2
    assert queued.share(1, "ours", 1) > 0.1 and queued.share(1, "ours", -1) > 0.1
    assert queued.effect > 5 > calm.effect
    assert "| even, lognormal, 4 | 80 % |" in at_the_bound([calm, queued])


def test_a_fault_in_the_middle_fails_by_ours_and_not_by_deflation() -> None:
    rows = dict(line.strip("| ").split(" | ", 1) for line in faulty(50, ERRORS, 1).splitlines()[2:])

    assert rows["ours"].startswith("100.0") and rows["deflated"] == "0.0 | 0.0 | 100.0"


def test_pictures_are_whole_documents_with_both_themes(tmp_path: Path) -> None:
    draw_all({"ours": [(10, 1), (80, 20)], "peeking": [(10, 30)], "once": [(10, 9)]}, tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["dependence.svg", "evidence.svg", "zones.svg"]
    for path in tmp_path.iterdir():
        root = ET.fromstring(path.read_text("utf-8"))
        assert root.tag.endswith("svg") and "prefers-color-scheme: dark" in path.read_text("utf-8")
        assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) > 5


@pytest.mark.parametrize("name", ["at", "off", "ways", "fault"])
def test_the_readme_has_a_place_for_each_table(name: str) -> None:
    assert "new\n<!-- end -->" in replaced(README.read_text("utf-8"), f"dependence-{name}", "new")
