"""The lab's own parts: its descriptions, its season, its questions and their answers."""

from __future__ import annotations

import functools
import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.course.spec import Lab, Scenario, drawn
from grader.load.plan import PlannedPhase
from grader.load.schedule import planned
from grader.load.traffic import import_file
from infra.system import load_system

ROOT = Path(__file__).resolve().parents[3]
LAB, EXAM = ROOT / "labs" / "stale-pipeline", ROOT / "scenarios" / "stale-pipeline"
MART = ROOT / "labs" / "cast" / "mart"
HIDDEN = {"season_seed": 5, "markets": 48, "days": 6, "questions": 210}
KINDS = {"features", "refused", "alerted", "quiet", "fresh", "gated", "current", "backfill"}


@pytest.fixture(scope="module")
def traffic(load: ModuleType) -> Any:
    return load.Traffic(HIDDEN, 1)


@pytest.fixture(scope="module")
def season(load: ModuleType) -> Callable[[int], Any]:
    """The traffic of the hidden season of a seed, drawn once."""
    return functools.cache(lambda seed: load.Traffic({**HIDDEN, "season_seed": seed}, 1))


@pytest.fixture(scope="module")
def books() -> ModuleType:
    return import_file(MART / "books.py")


def test_only_the_pipeline_is_open():
    system = load_system(LAB / "compose.yaml", Lab(LAB).spec.open)

    assert [service.name for service in system.services.values() if service.open] == ["pipeline"]


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


def test_there_are_enough_events_of_each_kind_to_tell(season):
    for seed in range(1, 6):
        traffic = season(seed)
        kinds = Counter(traffic.request(n).name for n in range(1260))

        assert set(kinds) == KINDS
        assert min(kinds.values()) >= 55


def test_the_rehearsal_has_enough_events_of_each_kind_to_pass(public):
    traffic = public.Traffic({}, 1)

    kinds = Counter(traffic.request(n).name for n in range(300))

    assert set(kinds) == KINDS
    assert min(kinds.values()) >= 22


def shares(traffic: Any, name: str, bad: Callable[[Any, Any], bool]) -> float:
    """Which share of the questions of a kind is about what `bad` says of the market and the question."""
    asked = [question for question in traffic._questions if question.name == name]
    return sum(bad(traffic._truth._plan.markets[each.market], each) for each in asked) / len(asked)


BEYOND_LUCK = 0.12  # twice of what a target of 94 % allows


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("refused", lambda market, asked: asked.about >= 0 and market.incidents[asked.about].until is None),
        ("features", lambda market, asked: 0 <= asked.about < asked.after),
        ("features", lambda market, asked: asked.about < 0),
        ("backfill", lambda market, asked: -market.gap < asked.about < -1),
        ("refused", lambda market, asked: market.incidents[asked.about].kind == "empty"),
        ("alerted", lambda market, asked: market.incidents[asked.about].kind == "empty"),
    ],
    ids=["copies later", "zeros later", "other history", "only the ends of the gap", "zeros of nothing", "no page"],
)
def test_what_goes_wrong_after_its_night_is_asked_about_often_enough(season, name, bad):
    for seed in range(1, 6):
        traffic = season(seed)

        assert shares(traffic, name, bad) >= BEYOND_LUCK


def test_what_may_not_be_is_asked_about_as_late_as_it_may_not(season):
    for seed in range(1, 6):
        traffic = season(seed)
        plan = traffic._truth._plan
        for question in traffic._questions:
            market = plan.markets[question.market]
            if question.name == "refused":
                assert not market.sound(question.about, question.after)
                assert question.after == plan.days - 1 or market.sound(question.about, question.after + 1)
            if question.name == "backfill":
                assert market.sound(question.about, question.after - 1)


def test_nobody_can_work_out_what_is_asked_without_the_seed(load, draw):
    markets = import_file(MART / "markets.py")
    plan = draw.draw(5, 48, 6)

    asked, otherwise = (load.public.questions(markets.parse({**plan, "seed": seed}), 150) for seed in (5, 6))

    for name in ("backfill", "features"):
        known, other = (
            {(each.market, each.about): each.after for each in found if each.name == name}
            for found in (asked, otherwise)
        )
        both = known.keys() & other.keys()
        assert known.keys() != other.keys()
        assert sum(known[each] != other[each] for each in both) > len(both) / 4


def test_questions_come_in_the_order_of_days_and_are_pure(load):
    traffic, again = load.Traffic(HIDDEN, 1), load.Traffic(HIDDEN, 2)
    requests = [traffic.request(n) for n in range(1260)]

    assert requests[::-1] == [again.request(n) for n in range(1259, -1, -1)]
    assert [request.segment for request in requests] == sorted(request.segment for request in requests)


def test_a_season_is_pure_whole_and_hides_the_new_names(draw):
    markets = import_file(MART / "markets.py")
    plan, again, other = draw.draw(3, 20, 6), draw.draw(3, 20, 6), draw.draw(4, 20, 6)

    assert plan == again != other
    assert len(markets.parse(plan).markets) == 20
    for market in plan["markets"]:
        assert market["forms"][0]["names"] == draw.FIRST_NAMES
        assert all(form["names"] != draw.PUBLIC_NAMES for form in market["forms"][1:])


@pytest.mark.parametrize("seed", range(1, 6))
def test_trouble_is_early_and_late_long_and_everywhere_at_once(draw, seed):
    plan = import_file(MART / "markets.py").parse(draw.draw(seed, 48, 6))
    bad = [[not market.sound(day, day) for day in range(6)] for market in plan.markets.values()]

    assert any(all(night) for night in zip(*bad, strict=True))
    assert sum(market[0] for market in bad) == 22
    assert sum(sum(market) >= 4 for market in bad) == 12
    assert sum(market[4] + market[5] for market in bad) >= 20


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_sound_batch_keeps_the_limits_that_were_drawn_and_a_bad_one_does_not(draw, seed):
    contract = import_file(EXAM / "controls" / "reference" / "pipeline" / "contract.py")
    mart = import_file(MART / "contract.py")
    plan = import_file(MART / "markets.py").parse(draw.draw(seed, 48, 6))
    for market in plan.markets.values():
        agreed = mart.document(plan, market, 5)
        for day in range(-12, 6):
            batch = mart.written(plan, market, day, day)
            if batch is not None and market.sound(day, day):
                contract.rows(batch, agreed, plan.date(day))
            elif batch is not None and market.incidents[day].kind != "down":
                with pytest.raises(contract.Refused):
                    contract.rows(batch, agreed, plan.date(day))


def test_zeros_of_a_day_with_wrong_labels_and_a_bad_model_for_a_moment_are_seen(traffic):
    plan = traffic._truth._plan
    asked = next(
        q for q in traffic._questions if q.name == "features" and kind(plan, q.market, q.about) == "mislabelled"
    )
    right, day = entry(traffic, asked.market, asked.about), plan.date(asked.about)
    zeros = right | {"features": dict.fromkeys(right["features"], 0.0)}

    said = [
        traffic._truth.features(asked.market, asked.about, asked.after, {"features": features})
        for features in ({}, {day: [right]}, {day: [zeros]})
    ]

    assert said == ["right", "right", "wrong"]
    assert "models" in import_file(MART / "books.py").Books(plan).snapshot(asked.market)
    assert answer(traffic, "gated", models=[{}]) == "unfit"


def question(traffic: Any, name: str) -> tuple[Any, Any]:
    """The first request of a kind, and its question."""
    plan = traffic._truth._plan
    for request in map(traffic.request, range(1260)):
        asked = traffic._known[request.path, request.name]
        if request.name == name and (name != "features" or kind(plan, asked.market, asked.about) != "mislabelled"):
            return request, asked
    raise LookupError(name)


def entry(traffic: Any, market: str, day: int, of: int | None = None) -> dict[str, Any]:
    """What a right pipeline publishes of a day, on the first night on which it can; with `of`, a copy of that day."""
    plan = traffic._truth._plan
    source = day if of is None else of
    incident = plan.markets[market].incidents.get(day)
    night = max(day, 0, incident.until or 0 if incident is not None else 0)
    values = traffic._truth._features[market, source]
    return {"revision": 2, "data_day": plan.date(source), "published_on": plan.date(night), "features": values}


def answer(traffic: Any, name: str, **seen: Any) -> str:
    request, asked = question(traffic, name)
    whole = {"features": {}, "pages": [], "age": None, "model": {}, "models": [], **seen}
    return traffic.check(request, 200, {}, json.dumps(whole).encode())


def test_features_are_right_wrong_copied_or_missing(traffic):
    _, asked = question(traffic, "features")
    day = traffic._truth._plan.date(asked.about)
    right, copy = entry(traffic, asked.market, asked.about), entry(traffic, asked.market, asked.about, asked.about - 1)
    wrong = {**right, "features": {**right["features"], "units": right["features"]["units"] * 1.01}}

    said = [answer(traffic, "features", features={day: [each]}) for each in (right, wrong, copy)]

    assert said == ["right", "wrong", "copy"]
    assert answer(traffic, "features") == "missing"
    assert answer(traffic, "features", features={day: [wrong, right]}) == "wrong"
    assert answer(traffic, "features", features={day: [right, wrong]}) == "wrong"


def asked_again(traffic: Any, before: int) -> tuple[Any, Any]:
    """A request for features of a day earlier than that after which it is asked, the day earlier than `before`."""
    plan = traffic._truth._plan
    asked = next(
        q
        for q in traffic._questions
        if q.name == "features" and q.about < min(before, q.after) and kind(plan, q.market, q.about) != "mislabelled"
    )
    return next(r for r in map(traffic.request, range(1260)) if (r.path, r.name) == (asked.path, asked.name)), asked


@pytest.mark.parametrize("before", [6, 0], ids=["of the season", "of before the gap"])
def test_features_stay_right(traffic, before):
    request, asked = asked_again(traffic, before)
    plan = traffic._truth._plan
    day, next_day = plan.date(asked.about), plan.date(asked.about + 1)
    right = entry(traffic, asked.market, asked.about) | {"published_on": day}
    again = right | {"published_on": next_day}
    zeros = again | {"features": dict.fromkeys(right["features"], 0.0)}
    copy = again | {"data_day": plan.date(asked.about - 1)}

    def said(*entries: dict[str, Any]) -> str:
        seen = {"features": {day: list(entries)}, "pages": [], "age": None, "model": {}}
        return str(traffic.check(request, 200, {}, json.dumps(seen).encode()))

    assert [said(right), said(right, again)] == ["right", "right"]
    assert [said(right, zeros), said(right, zeros, again), said(right, copy)] == ["wrong", "wrong", "copy"]
    assert said(again) == "missing"


def test_a_day_of_no_use_has_nothing(traffic):
    _, asked = question(traffic, "refused")
    day = traffic._truth._plan.date(asked.about)

    assert answer(traffic, "refused") == "right"
    assert answer(traffic, "refused", features={day: [entry(traffic, asked.market, asked.about)]}) == "published"


def test_what_was_missed_is_made_good_once(traffic):
    _, asked = question(traffic, "backfill")
    day = traffic._truth._plan.date(asked.about)
    plan = traffic._truth._plan
    right = entry(traffic, asked.market, asked.about)
    old = {**right, "published_on": plan.date(-1)}

    assert answer(traffic, "backfill", features={day: [old]}) == "missing"
    assert answer(traffic, "backfill", features={day: [old, right]}) == "right"
    assert answer(traffic, "backfill", features={day: [old, right, right]}) == "twice"
    assert answer(traffic, "backfill", features={day: [old, right | {"data_day": plan.date(-9)}]}) == "copy"


def test_what_was_missed_is_made_good_by_the_second_night(traffic):
    plan = traffic._truth._plan
    for late in (False, True):
        asked = next(q for q in traffic._questions if q.name == "backfill" and (q.about >= 0) == late)
        incident = plan.markets[asked.market].incidents.get(asked.about)
        until = max(0, incident.until or 0) if incident is not None else 0
        right, day = entry(traffic, asked.market, asked.about), plan.date(asked.about)

        said = [
            traffic._truth.backfill(asked.market, asked.about, asked.after, {"features": {day: [made]}})
            for made in (right | {"published_on": plan.date(until + nights)} for nights in (0, 1, 2))
        ]

        assert said == ["right", "right", "late"]


def test_a_page_is_for_its_day(traffic):
    _, asked = question(traffic, "alerted")
    plan = traffic._truth._plan
    page, other = {"day": plan.date(asked.about)}, {"day": plan.date(asked.about - 1)}

    assert answer(traffic, "alerted", pages=[page]) == "right"
    assert [answer(traffic, "alerted", pages=pages) for pages in ([page, page], [other, page])] == ["storm", "storm"]
    assert answer(traffic, "alerted", pages=[{"day": plan.date(asked.about - 1)}]) == "silent"
    assert answer(traffic, "quiet") == "right"


@pytest.mark.parametrize(
    ("labels", "said"), [(False, ["right", "alarm", "alarm"]), (True, ["right", "right", "alarm"])]
)
def test_one_page_is_let_pass_where_labels_are_wrong_and_nowhere_else(traffic, labels, said):
    plan = traffic._truth._plan
    asked = next(
        question
        for question in traffic._questions
        if question.name == "quiet" and labels == (kind(plan, question.market, question.after) == "mislabelled")
    )
    page = {"day": plan.date(asked.after)}

    found = [traffic._truth.quiet(asked.market, asked.about, asked.after, {"pages": [page] * n}) for n in range(3)]

    assert found == said


def kind(plan: Any, market: str, day: int) -> str:
    incident = plan.markets[market].incidents.get(day)
    return incident.kind if incident is not None else ""


def test_a_live_model_is_asked_about_on_every_sort_of_night(traffic):
    plan = traffic._truth._plan
    asked = {
        (question.name, kind(plan, question.market, question.after))
        for question in traffic._questions
        if question.name in ("current", "gated")
    }

    assert {("gated", "late"), ("gated", "empty"), ("gated", "mislabelled"), ("current", "")} <= asked


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
