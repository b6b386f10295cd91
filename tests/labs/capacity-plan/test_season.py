"""The world of `capacity-plan`, and what is drawn of it."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any

import numpy as np
import pytest

from grader.course.catalog import find_lab, find_scenario, rehearsal
from grader.load.traffic import import_file
from tests.labs.virtual import LATE

LAB = find_lab("capacity-plan")
EXAM = find_scenario(LAB)
draw = import_file(EXAM.folder / "draw.py")
SMALL = draw.draw(3, pools=12, packings=4)


def case(bound: str = "gpu", **happens: Any) -> dict[str, Any]:
    """A pool on whose second day something may happen."""
    days: list[dict[str, Any]] = [{"kind": "ordinary"} for _ in range(4)]
    return {"id": "p", "bound": bound, "weekday": 5, "days": [days[0], happens or days[1], *days[2:]]}


def pool(world: Any, bound: str = "gpu", seed: int = 5, **happens: Any) -> Any:
    return world.pools.Pool({"seed": seed}, case(bound, **happens))


def cluster(world: Any, workers: int, **given: Any) -> Any:
    """Of one pool, with so many workers and nobody waiting."""
    made = world.cluster.Cluster([pool(world, **given)])
    made.ready = np.array([float(workers)])
    made.arrived = made._half = np.zeros(1)
    return made


def test_each_day_of_an_exam_has_as_many_of_a_kind_and_a_plan_as_many_questions_as_are_asked():
    for scenario, plan in ((EXAM, draw.draw(8)), (rehearsal(LAB), draw.public())):
        pools = [case for case in plan["cases"] if "days" in case]
        kinds = [Counter(case["days"][day]["kind"] for case in pools) for day in range(4)]
        questions = sum(sum(case["asked"].values()) for case in plan["cases"])

        share = len(pools) // 12
        assert kinds == [{"ordinary": 5 * share, "launch": 4 * share, "shift": 3 * share}] * 4
        assert Counter(case["bound"] for case in pools) == {"gpu": 6 * share, "cpu": 6 * share}
        assert questions == sum(int(phase.rate * phase.seconds) for phase in scenario.spec.timeline)


def test_no_weekday_and_no_size_of_a_node_can_be_given_up():
    plan = draw.draw(8)
    days = Counter((case["weekday"] + day) % 7 for case in plan["cases"] if "days" in case for day in range(4))
    sizes = Counter((case["gb"], case["cores"]) for case in plan["cases"] if "nodes" in case)

    assert set(days) == set(range(7)) and min(days.values()) >= 0.1 * days.total()
    assert days[5] + days[6] > days.total() / 3
    known = Counter((case["gb"], case["cores"]) for case in draw.public()["cases"] if "nodes" in case)
    assert sum(count for size, count in sizes.items() if size in known) < sizes.total() / 4


def test_a_happening_changes_its_ticks_only_and_a_launch_alone_is_announced(world):
    calm = pool(world)
    launch = pool(world, kind="launch", tick=60, ticks=12, expected=2.0, factor=2.1)
    shift = pool(world, kind="shift", tick=60, ticks=12, factor=2.1)

    for hit in (launch, shift):
        assert hit.arrivals[:15].tolist() == calm.arrivals[:15].tolist()
        assert hit.arrivals[15, 60:72].sum() == pytest.approx(2.1 * calm.arrivals[15, 60:72].sum(), rel=0.1)
        assert hit.arrivals[15, :60].tolist() == calm.arrivals[15, :60].tolist()
    assert launch.calendar == [{"day": 1, "tick": 60, "ticks": 12, "expected": 2.0}]
    assert shift.calendar == calm.calendar == []


def test_other_seeds_have_other_arrivals(world):
    assert pool(world).arrivals.tolist() == pool(world).arrivals.tolist() != pool(world, seed=6).arrivals.tolist()


@pytest.mark.parametrize(("bound", "full", "idle"), [("gpu", "gpu", "cpu"), ("cpu", "cpu", "gpu")])
def test_the_part_that_is_scarce_is_full_and_the_other_is_not(world, bound, full, idle):
    one = cluster(world, 1, bound=bound)
    one.play([10_000])

    assert getattr(one, full)[0] == pytest.approx(1, abs=0.01)
    assert 0.09 < getattr(one, idle)[0] < 0.71


def test_a_worker_works_after_its_warm_up_and_is_paid_from_its_order(world):
    one = cluster(world, 5)
    warm_up, ready = pool(world).warm_up, []
    for tick in range(7):
        one.begin()
        one.order([8] if tick == 0 else [None])
        one.play([0])
        ready.append(one.ready[0])
        assert one.paid[0] == 8

    assert ready == [5] * warm_up + [8] * (7 - warm_up)


def test_what_is_too_many_goes_at_once_the_coldest_first(world):
    one = cluster(world, 5)
    for wanted in (8, 10):
        one.begin()
        one.order([wanted])
    assert one.coming.sum() == 5
    for wanted, ready, warming in ((7, 5, 2), (4, 4, 0), (-3, 1, 0)):
        one.order([wanted])
        assert (one.ready[0], one.coming.sum(), one.way[0]) == (ready, warming, -1)
    one.order([1e300])
    assert one.paid[0] == world.cluster.MOST


@pytest.mark.parametrize("workers", [8, 12, 14, 20])
def test_late_jobs_are_those_that_a_queue_job_by_job_shows(world, workers):
    one, rng = cluster(world, workers), np.random.default_rng(4)
    seconds, count, late, free = pool(world).seconds, 0, 0.0, deque([0.0] * workers)
    for tick in range(40):
        arrivals = int(rng.integers(100, 400))
        one.begin()
        one.play([arrivals])
        late += one.late[0]
        for at in range(arrivals):  # jobs are all as long, so workers are free in turn
            comes = 600 * (tick + (at + 0.5) / arrivals)
            begins = max(comes, free.popleft())
            free.append(begins + seconds)
            count += begins - comes > 300 and comes + 300 < 600 * 40

    assert late == pytest.approx(count, rel=0.05, abs=150)
    assert (count > 200) == (workers < 20)


def answers(**said: Any) -> Any:
    return lambda path, _: said.get(path.strip("/"), {})


@pytest.mark.parametrize(
    "workers", [{}, [], "many", {"x": 4}, dict.fromkeys((c["id"] for c in SMALL["cases"]), True), {"p": [1]}]
)
def test_what_is_no_number_of_workers_changes_nothing(play, workers):
    made, ways = play(SMALL, answers(tick={"workers": workers}))

    assert {len(set(paid)) for paid in ([past[2] for past in r.past] for r in made.records.values())} == {1}
    assert not ways.words["ordinary"]["right"] or isinstance(workers, dict)
    assert ways.words["packed"] == {"none": 4}


@pytest.mark.parametrize("said", ["", [], 7, {"workers": None}])
def test_no_answers_keep_no_promise(play, said):
    _, ways = play(SMALL, lambda *_: said)

    assert set(ways.words) == set(EXAM.slos)
    assert {word for told in ways.words.values() for word in told} == {"none"}


def test_a_planner_that_is_late_three_times_is_not_asked_again(play):
    _, ways = play(SMALL, lambda *_: LATE)

    assert ways.asked.total() == 3
    assert {word for told in ways.words.values() for word in told} == {"none"}


def test_turns_are_from_up_to_down_and_back(world):
    record, seen = world.record.Record(pool(world)), cluster(world, 1)
    for way in (1, 1, 0, 1, -1, 0, -1, 1, 0, -1):
        seen.way = np.array([way])
        record.add(0, seen, 0)

    assert record.turns.tolist() == [3, 0, 0, 0]


@pytest.mark.parametrize(
    ("times", "late", "word"), [(1, 0, "right"), (1.6, 0.04, "right"), (1.8, 0, "dear"), (1, 0.06, "late")]
)
def test_a_launch_is_neither_late_nor_dear_while_it_is_on(world, times, late, word):
    launch = pool(world, kind="launch", tick=60, ticks=12, expected=2.0, factor=2.1)
    record, seen = world.record.Record(launch), cluster(world, 1)
    for tick, needed in enumerate(launch.needed[15]):
        seen.arrived, seen.late = np.array([100.0]), np.array([100.0 * late])
        seen.paid = np.array([needed * (times if 60 <= tick < 72 else 9)])
        record.add(1, seen, 0)

    assert record.word(1, "launch")[0] == word


@pytest.mark.parametrize(("gb", "cores"), [(160, 24), (48, 64), (192, 16)])
def test_a_packing_has_as_much_as_its_nodes_hold_and_replicas(world, gb, cores):
    replicas: Counter[int] = Counter()
    for seed in range(9):
        models = world.nodes.cut(seed, {"id": "q", "nodes": 30, "gb": gb, "cores": cores})
        counts = Counter(Counter(each["model"] for each in models).values())
        assert counts[2] + counts[3] == 10 and set(counts) <= {1, 2, 3}
        replicas += counts
        for what, size in (("gb", gb), ("cores", cores)):
            assert 0.92 < sum(each[what] for each in models) / size / 30 < 0.98
            assert min(each[what] for each in models) > 0

    assert 20 < replicas[3] < 50


def test_a_plan_of_nodes_is_judged(world):
    models = [
        {"replica": f"r{at}", "model": name, "gb": gb, "cores": cores}
        for at, (name, gb, cores) in enumerate([("a", 40, 8), ("a", 30, 8), ("b", 40, 24), ("c", 20, 20)])
    ]
    packing = {"id": "q", "nodes": 2, "gb": 80, "cores": 32}
    for nodes, word in [
        ([["r0", "r2"], ["r1", "r3"], []], "right"),
        ([["r0"], ["r2"], ["r1", "r3"]], "wasteful"),
        ([["r0", "r1"], ["r2"], ["r3"]], "together"),
        ([["r0", "r3"], ["r1", "r2"]], "right"),
        ([["r0", "r2", "r3"], ["r1"]], "overfull"),  # of both
        ([["r0"], ["r1"], ["r2", "r3"]], "overfull"),  # of cores
        ([["r0", "r2"], ["r1"]], "malformed"),
        ([["r0", "r2"], ["r1", "r3", "r3"]], "malformed"),
        ([["r0", "r2"], ["r1", "r9"]], "malformed"),
    ]:
        assert world.nodes.judged(packing, models, nodes)[0] == word


def test_pages_show_pools_before_and_after(play, world):
    made, _ = play(SMALL, answers(tick={"workers": {}}))
    fresh = world.world.World(SMALL)
    name = next(iter(made.records))

    for shown in (made, fresh):
        assert name in shown.page("") and "<svg" in shown.page(f"{name}") and shown.page("nobody") == ""
