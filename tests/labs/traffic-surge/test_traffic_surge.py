"""Trips and their draws, what the pool answers and the load believes, and what the brief says of the bounds."""

from __future__ import annotations

import json
import time
from collections import Counter
from functools import cache
from typing import Any
from unittest.mock import MagicMock

import pytest
from call_receipts import issue

from grader.authoring.audit.bounds import Bounds
from grader.course import catalog
from grader.course.spec import Scenario
from grader.exam.draw import draw_trial, phase_plans
from grader.labkit import import_file, import_rehearsal, world
from grader.load.schedule import looks, schedule
from grader.load.traffic import make_traffic

SCENARIO = catalog.root() / "scenarios" / "traffic-surge" / "exam.py"
SEEDS = range(1, 7)
KEY = "k" * 32
load = import_rehearsal(str(SCENARIO), "load")
with world(str(SCENARIO)):
    import trips
answers = import_file(catalog.root() / "labs" / "traffic-surge" / "world" / "answers.py")


@pytest.fixture(scope="module")
def exam() -> Scenario:
    return catalog.find_scenario(catalog.find_lab("traffic-surge"))


@cache
def sent(exam: Scenario, trial: str, seed: int) -> tuple[Any, list[tuple[str, Any]]]:
    """A load, and what it sends: phase, request."""
    record, phases = draw_trial(exam, trial, 0, 1, seed), phase_plans(exam.spec.phases(trial))
    traffic = make_traffic(exam.load_file, record.parameters, record.seed, phases)
    return traffic, [(phase, traffic.request(n)) for _, phase, n in schedule(phases, record.seed)]


def key_of(exam: Scenario, trial: str, seed: int) -> str:
    return str(load.key_of(draw_trial(exam, trial, 0, 1, seed).parameters["seal"]))


@pytest.mark.parametrize("trial", ["first", "second"])
def test_a_fifth_asks_for_six_trips_and_any_other_trip_comes_once(exam: Scenario, trial: str) -> None:
    for seed in SEEDS:
        requests = [request for _, request in sent(exam, trial, seed)[1]]
        hot = Counter((request.route, request.seats) for request in requests if request.name == "hot")
        tail = Counter(request.route for request in requests if request.name == "tail")
        popular = {route for route, _ in hot}

        assert len(hot) == load.HOT and set(tail.values()) == {1} and not popular & set(tail)
        assert len(popular) == load.HOT / 2, "a price that is kept by route alone is wrong for other seats"
        assert 0.19 < sum(hot.values()) / len(requests) < 0.26
        assert len({(request.route, request.seats) for request in requests}) == len(hot) + len(tail)


@pytest.mark.parametrize("trial", ["first", "second"])
def test_a_fifth_of_the_crowd_is_of_premium_sites(exam: Scenario, trial: str) -> None:
    for seed in SEEDS:
        _, arrivals = sent(exam, trial, seed)
        of: dict[str, set[str]] = {"premium": set(), "basic": set()}
        early = [request.segment for phase, request in arrivals if phase in ("early", "onset")]
        for _, request in arrivals:
            of[request.headers["x-plan"]].add(request.headers["x-site"])

        assert abs(early.count("premium") * load.EVERY - len(early)) <= 2 * load.EVERY
        assert not of["premium"] & of["basic"] and len(of["premium"]) <= load.PREMIUM_SITES


def test_routes_sites_and_tariffs_are_drawn_anew(exam: Scenario) -> None:
    first = [sent(exam, "first", seed)[1] for seed in SEEDS]
    hot = [frozenset(request.route for _, request in each if request.name == "hot") for each in first]
    premium = [frozenset(one.headers["x-site"] for _, one in each if one.segment == "premium") for each in first]

    assert len(set(hot)) == len(set(premium)) == len(SEEDS)
    assert len({json.dumps(trips.tariff(seed)) for seed in SEEDS}) == len(SEEDS)
    assert len({trips.edition(seed) for seed in SEEDS}) == len(SEEDS)


def test_the_small_model_is_off_by_twelve_hundredths_at_most() -> None:
    off = []
    for route in trips.routes(1)[:500]:
        large, small = (trips.price(model, route, 3) for model in ("large", "small"))
        off.append(small / large - 1)

    assert max(map(abs, off)) < 0.1205 and max(off) > 0.1 and min(off) < -0.1


def said(traffic: Any, request: Any, body: Any, status: int = 200) -> str:
    return str(traffic.check(request, status, {}, json.dumps(body).encode()))


def test_a_price_counts_by_the_receipt_that_is_of_it(exam: Scenario) -> None:
    traffic, arrivals = sent(exam, "first", 3)
    key, now_ms = key_of(exam, "first", 3), int(time.time() * 1000)
    one, other = [request for _, request in arrivals if request.name == "tail"][:2]

    def receipt(who: str, trip: Any = one, price: float = 50.5, age_s: float = 0.0) -> str:
        subject = {"route": trip.route, "seats": trip.seats}
        issued = now_ms - int(age_s * 1000)
        return issue(key, subject, {"price": price}, who=who, version="1", issued_ms=issued)

    assert said(traffic, one, {"price": 50.5, "receipt": receipt("large")}) == "large"
    assert said(traffic, one, {"price": 50.5, "receipt": receipt("small")}) == "small"
    assert said(traffic, one, {"price": 50.5, "receipt": receipt("large", age_s=2.0)}) == "large"
    assert said(traffic, one, {"price": 50.5, "receipt": receipt("large", age_s=3.0)}) == "stale"
    assert said(traffic, one, {"price": 50.4, "receipt": receipt("large")}) == "wrong"
    assert said(traffic, other, {"price": 50.5, "receipt": receipt("large")}) == "wrong"
    assert said(traffic, one, {"price": 50.5, "receipt": None}) == "wrong"
    assert said(traffic, one, {"price": [], "receipt": {}}) == "wrong"
    assert said(traffic, one, {"error": "no price"}, status=503) == "none"
    with pytest.raises(KeyError):
        said(traffic, one, {"price": 50.5})


def test_a_default_price_counts_with_the_tariffs_receipt(exam: Scenario) -> None:
    traffic, arrivals = sent(exam, "second", 4)
    drawn = draw_trial(exam, "second", 0, 1, 4).parameters
    one = arrivals[0][1]
    pool = answers.Answers()
    pool.plan({"tariff": drawn["tariff"], "tariff_key": key_of(exam, "second", 4)})
    page = pool.pages()["GET /tariff"](MagicMock())
    prices = page["prices"][one.route.partition("-")[0]]
    price, others = prices[str(one.seats)], prices[str(one.seats % 8 + 1)]
    pool.plan({"tariff": 5, "tariff_key": key_of(exam, "second", 4)})
    old = pool.pages()["GET /tariff"](MagicMock())

    assert said(traffic, one, {"price": price, "receipt": page["receipt"]}) == "default"
    assert said(traffic, one, {"price": others, "receipt": page["receipt"]}) == "wrong"
    assert said(traffic, one, {"price": price, "receipt": old["receipt"]}) == "wrong"


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"route": "Z3-1142"},
        {"route": 5, "seats": 2},
        {"route": "Z3-1142", "seats": 9},
        {"route": "Z3-1142", "seats": True},
    ],
)
def test_the_pool_prices_trips_alone(item: dict[str, Any]) -> None:
    pool = answers.Answers()
    pool.plan({})

    assert pool.answer("large", "1", {"route": "Z3-1142", "seats": 2}, 0.0, frozenset())["price"] > 0
    with pytest.raises(ValueError, match=r"route|seats"):
        pool.answer("large", "1", item, 0.0, frozenset())


@pytest.mark.parametrize("plan", [{"tariff": 1.5}, {"tariff_key": ""}, {"tariff_key": 7}])
def test_a_plan_without_sense_is_refused(plan: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="tariff"):
        answers.Answers().plan(plan)


def test_four_replicas_are_few() -> None:
    replicas = import_rehearsal(str(SCENARIO), "exam").replicas

    said = [replicas(b'{"spec": {"replicas": %d}}' % many)[1] for many in (0, 4, 5, 14)]

    assert said == ["few", "few", "many", "many"]


def test_a_crowd_needs_one_replica_for_so_many_requests_a_second() -> None:
    for look, numbers in (
        (import_rehearsal(str(SCENARIO), "exam").crowded, (4, 5, 11, 12)),
        (import_file(SCENARIO).crowded, (3, 4, 9, 10)),
    ):
        said = [look(b'{"spec": {"replicas": %d}}' % many)[1] for many in numbers]
        assert said == ["few", "fit", "fit", "many"]


def test_the_crowds_are_as_large_as_their_looks_think(exam: Scenario) -> None:
    for scenario, trial, phase in ((exam, "second", "steady"), (catalog.rehearsal(exam.lab), "rehearsal", "late")):
        (rate,) = [each.rate for each in scenario.spec.phases(trial) if each.phase == phase]
        crowd = import_file(scenario.folder / "exam.py").CROWD
        assert rate == crowd


def test_the_brief_says_how_many_may_be_bad_of_how_many(exam: Scenario) -> None:
    once = Bounds(exam.spec.model_copy(update={"rounds": 1}), len(exam.slos))
    brief = (exam.lab.folder / "README.md").read_text("utf-8")
    events: Counter[str] = Counter()
    probes = {"thrift": "scale", "sized": "crowded"}
    for trial in ("first", "second"):
        phases = phase_plans(exam.spec.phases(trial))
        for name, probe in probes.items():
            (each,) = [one for one in exam.spec.probes if one.name == probe]
            if trial in exam.spec.objectives[name].trials:
                end = phases[-1].start + phases[-1].seconds
                events[name] += len(list(looks(each.every_s, end, phases, each.phases)))
        for phase, request in sent(exam, trial, 1)[1]:
            for name, window in exam.spec.objectives.items():
                counts = name != "premium" or request.segment == "premium"
                counts = counts and name not in probes and trial in window.trials
                events[name] += counts and (not window.phases or phase in window.phases)

    assert events.keys() == exam.slos.keys()
    for name, many in events.items():
        row = next(line for line in brief.splitlines() if line.startswith(f"| `{name}` |"))
        assert row.endswith(f"| {once.forgiven(many, exam.slos[name].target)} of {many} |"), row
