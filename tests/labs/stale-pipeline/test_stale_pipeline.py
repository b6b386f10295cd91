"""The lab's own parts: its descriptions, its season, its questions and their answers."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.chaos.check import check_experiment
from grader.load.plan import PlannedPhase
from grader.load.schedule import planned
from grader.load.traffic import import_file
from grader.spec import Lab, Scenario, drawn
from infra.system import load_system

ROOT = Path(__file__).resolve().parents[3]
LAB, EXAM = ROOT / "labs" / "stale-pipeline", ROOT / "scenarios" / "stale-pipeline"
MART = ROOT / "labs" / "cast" / "mart"
HIDDEN = {"season_seed": 5, "markets": 48, "days": 6, "questions": 150}
KINDS = {"features", "refused", "alerted", "quiet", "fresh", "gated", "current", "backfill"}


@pytest.fixture(scope="module")
def load() -> ModuleType:
    return import_file(EXAM / "load.py")


@pytest.fixture(scope="module")
def public() -> ModuleType:
    return import_file(LAB / "rehearsal" / "load.py")


@pytest.fixture(scope="module")
def draw() -> ModuleType:
    return import_file(EXAM / "draw.py")


@pytest.fixture(scope="module")
def traffic(load: ModuleType) -> Any:
    return load.Traffic(HIDDEN, 1)


@pytest.fixture(scope="module")
def books() -> ModuleType:
    return import_file(MART / "books.py")


@pytest.mark.parametrize("folder", [EXAM, LAB / "rehearsal"], ids=["exam", "rehearsal"])
def test_every_trial_has_an_experiment_that_can_run(folder):
    scenario = Scenario(folder, Lab(LAB))

    for trial in scenario.spec.trials:
        check_experiment(folder / trial.experiment, drawn(trial.parameters, random.Random(1)))


def test_only_the_pipeline_is_open_and_it_has_no_way_out():
    system = load_system(LAB / "compose.yaml", Lab(LAB).spec.open)

    assert [service.name for service in system.services.values() if service.open] == ["pipeline"]
    assert set(system.services["pipeline"].networks) <= system.internal


@pytest.mark.parametrize("folder", [EXAM, LAB / "rehearsal"], ids=["exam", "rehearsal"])
def test_the_timeline_asks_every_question_once(folder, load, public):
    scenario = Scenario(folder, Lab(LAB))
    [trial] = scenario.spec.trials
    total = sum(planned(PlannedPhase(start=0, **phase.model_dump())) for phase in scenario.spec.timeline)

    for seed in range(1, 6):
        parameters = drawn(trial.parameters, random.Random(seed))
        traffic = (load if folder == EXAM else public).Traffic(parameters, 1)

        assert len(traffic._questions) == total
        assert "lap" not in traffic.request(total - 1).path
        assert "lap=1" in traffic.request(total).path


def test_there_are_enough_events_of_each_kind_to_tell(load):
    for seed in range(1, 6):
        traffic = load.Traffic({**HIDDEN, "season_seed": seed}, 1)
        kinds = Counter(traffic.request(n).name for n in range(900))

        assert set(kinds) == KINDS
        assert kinds["gated"] >= 48 and min(kinds.values()) >= 48


def test_questions_come_in_the_order_of_days_and_are_pure(load):
    traffic, again = load.Traffic(HIDDEN, 1), load.Traffic(HIDDEN, 2)
    requests = [traffic.request(n) for n in range(900)]

    assert requests[::-1] == [again.request(n) for n in range(899, -1, -1)]
    assert [request.segment for request in requests] == sorted(request.segment for request in requests)


def test_a_season_is_pure_whole_and_hides_the_new_names(draw):
    markets = import_file(MART / "markets.py")
    plan, again, other = draw.draw(3, 20, 6), draw.draw(3, 20, 6), draw.draw(4, 20, 6)

    assert plan == again != other
    assert len(markets.parse(plan).markets) == 20
    for market in plan["markets"]:
        assert market["forms"][0]["names"] == draw.FIRST_NAMES
        assert all(form["names"] != draw.PUBLIC_NAMES for form in market["forms"][1:])


def test_the_public_season_is_the_one_that_the_recipe_draws(draw):
    assert json.loads((LAB / "public" / "plan.json").read_text()) == draw.public_season()


def test_no_market_begins_with_trouble(draw):
    refusable = import_file(MART / "markets.py").parse(draw.draw(3, 48, 6)).markets.values()

    assert all(market.sound(0, 0) for market in refusable)


def question(traffic: Any, name: str) -> tuple[Any, Any]:
    """The first request of a kind, and its question."""
    request = next(r for r in map(traffic.request, range(900)) if r.name == name)
    return request, traffic._known[request.path, name]


def entry(traffic: Any, market: str, day: int, of: int | None = None) -> dict[str, Any]:
    """What a right pipeline publishes of a day; with `of`, a copy of that day."""
    plan = traffic._truth._plan
    source = day if of is None else of
    values = traffic._truth._features[market, source]
    return {"revision": 2, "data_day": plan.date(source), "published_on": plan.date(0), "features": values}


def answer(traffic: Any, name: str, **seen: Any) -> str:
    request, asked = question(traffic, name)
    whole = {"features": {}, "pages": [], "age": None, "model": {}, **seen}
    return traffic.check(request, 200, {}, json.dumps(whole).encode())


def test_features_are_right_wrong_copied_or_missing(traffic):
    _, asked = question(traffic, "features")
    day = traffic._truth._plan.date(asked.about)
    right, copy = entry(traffic, asked.market, asked.about), entry(traffic, asked.market, asked.about, asked.about - 1)
    wrong = {**right, "features": {**right["features"], "units": right["features"]["units"] * 1.01}}

    said = [answer(traffic, "features", features={day: [each]}) for each in (right, wrong, copy)]

    assert said == ["right", "wrong", "copy"]
    assert answer(traffic, "features") == "missing"
    assert answer(traffic, "features", features={day: [wrong, right]}) == "right"


def test_a_day_of_no_use_has_nothing(traffic):
    _, asked = question(traffic, "refused")
    day = traffic._truth._plan.date(asked.about)

    assert answer(traffic, "refused") == "right"
    assert answer(traffic, "refused", features={day: [entry(traffic, asked.market, asked.about)]}) == "published"


def test_what_was_missed_is_made_good_once(traffic):
    _, asked = question(traffic, "backfill")
    day = traffic._truth._plan.date(asked.about)
    right = entry(traffic, asked.market, asked.about)
    old = {**right, "published_on": traffic._truth._plan.date(-1)}

    assert answer(traffic, "backfill", features={day: [old]}) == "missing"
    assert answer(traffic, "backfill", features={day: [old, right]}) == "right"
    assert answer(traffic, "backfill", features={day: [old, right, right]}) == "twice"


def test_a_page_is_for_its_day(traffic):
    _, asked = question(traffic, "alerted")
    plan = traffic._truth._plan

    assert answer(traffic, "alerted", pages=[{"day": plan.date(asked.about)}]) == "right"
    assert answer(traffic, "alerted", pages=[{"day": plan.date(asked.about - 1)}]) == "silent"
    assert answer(traffic, "quiet") == "right"
    assert answer(traffic, "quiet", pages=[{"day": plan.date(0)}]) == "alarm"


def test_an_age_is_that_of_the_newest_day_of_its_own(traffic):
    _, asked = question(traffic, "fresh")
    plan = traffic._truth._plan
    true = asked.after - 2
    published = {
        plan.date(true): [entry(traffic, asked.market, true)],
        plan.date(asked.after): [entry(traffic, asked.market, asked.after, true)],
    }

    said = [answer(traffic, "fresh", features=published, age=age) for age in (2, 2.01, 0, None)]

    assert said == ["right", "right", "wrong", "silent"]


@pytest.mark.parametrize(("name", "bad"), [("current", "outdated"), ("gated", "unfit")])
def test_a_model_is_known_by_its_errors(traffic, name, bad):
    sales = import_file(MART / "sales.py")
    _, asked = question(traffic, name)
    place = sales.world(traffic._truth._plan.seed, asked.market)
    weights = (place.weights + asked.after * place.drift) / place.spread
    coef = dict(zip(sales.INPUTS, map(float, weights), strict=True))
    true = {"intercept": float(place.base - weights @ place.level), "coef": coef}
    flat = {"intercept": float(place.base), "coef": dict.fromkeys(coef, 0.0)}

    said = [answer(traffic, name, model=model) for model in (true, flat, {}, {"intercept": 1e400, "coef": coef})]

    assert said == ["right", bad, bad, bad]


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"NaN", b"\xff\xfe", b'{"pages": 3}', b'{"features": []}'])
def test_malformed_answers_are_the_answers_fault(traffic, body):
    request, _ = question(traffic, "features")

    try:
        said = traffic.check(request, 200, {}, body)
    except (ValueError, TypeError, LookupError, AttributeError):
        said = "wrong"

    assert said == "wrong"
    assert traffic.check(request, 503, {}, body) == "none"
