"""The world of `edge-fleet`, and what is drawn of it."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader.course.catalog import find_lab, find_scenario, rehearsal
from grader.load.traffic import import_file
from tests.labs.virtual import LATE

LAB = find_lab("edge-fleet")
EXAM = find_scenario(LAB)
draw = import_file(EXAM.folder / "draw.py")
SMALL = draw.draw(3, cities=3)
DAY = 86_400


def cohorts(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [case for case in plan["cases"] if "city" in case]


class Silent:
    """Answers everything, and says nothing."""

    def take(self, reports):
        return {}

    def close(self, day):
        return []

    def figures(self, city, day):
        return {}

    def updates(self, city, model):
        return {}


# What is drawn


def test_a_plan_has_as_many_questions_as_are_asked():
    for scenario, plan in ((EXAM, draw.draw(8)), (rehearsal(LAB), draw.public())):
        questions = sum(sum(case["asked"].values()) for case in plan["cases"])

        assert questions == sum(int(phase.rate * phase.seconds) for phase in scenario.spec.timeline)


@pytest.mark.parametrize("seed", range(5))
def test_no_kind_of_an_exam_can_be_given_up(seed):
    """Each is at least twice what its objective forgives."""
    plan = draw.draw(seed)
    worse = [case for case in cohorts(plan) if "signal" in case]

    for what in ("signal", "cause", "day"):
        shares = Counter(case[what] for case in worse)
        assert min(shares.values()) > 0.2 * len(worse)
    confounded = [case for case in worse if case["cause"] == "revision" and case["rollout"] == case["day"]]
    assert len(confounded) > 0.2 * len(worse)
    saturday = (5 - datetime.date.fromisoformat(plan["day"]).weekday()) % 7
    assert sum(case["day"] == saturday for case in worse) > 0.2 * len(worse)
    then = [(case["halves"][case["day"] // 4], case["signal"]) for case in worse]
    assert sum(half["kind"] == "weather" and half["signal"] == signal for half, signal in then) > 0.19 * len(worse)
    halves = Counter(half["kind"] for case in cohorts(plan) for half in case["halves"])
    assert min(halves.values()) > 2 * 0.08 * halves.total()


@pytest.mark.parametrize("seed", range(5))
def test_a_city_has_each_trend_once_its_weather_together_and_one_bad_rollout_at_most(seed):
    cities: dict[str, list[dict[str, Any]]] = {}
    for case in cohorts(draw.draw(seed)):
        cities.setdefault(case["city"], []).append(case)

    for city in cities.values():
        signals = [case["signal"] for case in city if "signal" in case]
        assert len(signals) == len(set(signals))
        assert all(case["rollout"] == case["day"] for case in city if case.get("cause") == "model")
        assert sum("sick" in case for case in city) == 1
        for half in range(2):
            weather = [case["halves"][half] for case in city if case["halves"][half]["kind"] == "weather"]
            assert weather in ([], [weather[0]] * len(city) if weather else [])


@pytest.mark.parametrize("seed", range(20))
def test_carriers_are_away_one_after_the_other_and_are_back_within_the_season(seed):
    first, second = draw.draw(seed, cities=1)["away"]

    assert first >= 4
    assert first + 8 <= second
    assert second + 8 < 32


# What is reported


@pytest.fixture(scope="module")
def played(world):
    return world.world.World(SMALL)


def test_the_same_plan_is_the_same_fleet_and_another_seed_is_not(world, played):
    again = world.world.World(SMALL)
    other = world.world.World(SMALL | {"seed": 4})

    assert played.uplink.wave(0, 3) != other.uplink.wave(0, 3)
    assert again.cohorts[0].reports.signals.tolist() == played.cohorts[0].reports.signals.tolist()
    assert other.cohorts[0].reports.signals.tolist() != played.cohorts[0].reports.signals.tolist()


def reports_of(made):
    """All copies, in the order of their deliveries, each with the day on which it came."""
    for at in range(32):
        bodies = made.uplink.wave(at, 4)
        if at in made.homes:
            bodies += made.uplink.homecoming(list(made.homes).index(at), 4)
        for body in bodies:
            for report in json.loads(body)["reports"]:
                yield at // 4, report


def test_reports_come_once_or_twice_alike_and_are_what_the_truth_counts(world, played):
    seen: dict[tuple[str, int], list[tuple[int, dict[str, Any]]]] = {}
    for day, report in reports_of(played):
        seen.setdefault((report["device"], report["seq"]), []).append((day, report))
    copies = Counter(len(found) for found in seen.values())

    assert set(copies) == {1, 2}
    assert copies[2] / copies.total() == pytest.approx(0.15, abs=0.02)
    assert all(one == other for found in seen.values() for (_, one), (_, other) in pairwise(found))
    for cohort in played.cohorts:
        for day, on in ((2, 2), (2, 4), (5, 7)):
            date = played.date(day)
            ours = [
                found[0][1]
                for found in seen.values()
                if found[0][1]["city"] == cohort.city
                and found[0][1]["revision"] == cohort.revision
                and min(came for came, _ in found) <= on
                and date == made_on(found[0][1])
            ]
            right = world.truth.figures(cohort, day, on)
            latencies = [report["latency_ms"] for report in ours]
            means = {name: np.mean([r[name] for r in ours]) for name in ("confidence", "drain", "memory")}
            for method in ("linear", "inverted_cdf", "weibull", "higher", "lower"):
                tail = float(np.percentile(latencies, 95, method=method))
                assert world.truth.off({"reports": len(ours), "latency_p95": tail, **means}, right) == []
            assert world.truth.off({"reports": len(ours) + 1, "latency_p95": tail, **means}, right) == ["reports"]


def made_on(report):
    return report["received" if report["at"].startswith("1970") else "at"][:10]


def test_a_tenth_is_late_and_who_was_away_comes_home_at_once(played):
    for cohort in played.cohorts:
        reports = cohort.reports
        wait = reports.received - reports.at
        assert wait.min() > 0
        assert wait.max() < 2 * DAY + 2 * 3_600
        assert (wait[reports.home < 0] > 3_600).mean() == pytest.approx(0.1, abs=0.04)
    for number, start in enumerate(SMALL["away"]):
        hours = (start + 8) * 6
        home = np.concatenate([c.reports.received[c.reports.home == number] for c in played.cohorts]) / 3_600
        assert hours <= home.min() <= home.max() <= hours + 1


def test_a_trend_moves_those_whom_it_is_about_from_its_day_on(world):
    for cohort in world.world.World(draw.draw(5, cities=10)).cohorts:
        case, reports = cohort.case, cohort.reports
        if "signal" not in case:
            continue
        at = world.signals.SIGNALS.index(case["signal"])
        value = reports.signals[at] if at == 0 else np.log(reports.signals[at])
        new = reports.model == 2
        usual = reports.event < 3
        hit = usual & (reports.at // DAY > case["day"] + 1) & (new if case["cause"] == "model" else True)
        before = usual & (reports.at // DAY < case["day"]) & (reports.at // DAY >= 0)
        weather = any(half["kind"] == "weather" and half["signal"] == case["signal"] for half in case["halves"])
        mixed = [half["kind"] for half in case["halves"]] != ["broken"] * 2
        if weather or mixed:
            continue
        moved = np.median(value[hit]) - np.median(value[before])
        assert moved == pytest.approx(world.signals.effect(case["signal"], case["by"]), rel=0.5)


def test_a_cohort_moves_by_itself_by_a_quarter_of_the_least_trend_at_most(world):
    made = world.world.World(SMALL).cohorts[0]

    for signal, table in world.signals.TABLE.items():
        least = world.signals.effect(signal, world.signals.LEAST[signal])
        days = np.array([made._wandering(signal, table, [True, True]) for _ in range(50)]) / least
        assert abs(days).max() <= 0.25 + 1e-9
        assert np.median(days[:, [3, 4, 6, 7]]) > 0.2
        assert draw.WORSE[signal][0] == world.signals.LEAST[signal]


def test_an_update_is_a_success_within_a_day_of_its_first_start(world):
    made = world.fleet.Reports(*[np.zeros(6, int)] * 10)._replace(
        device=np.array([0, 0, 1, 1, 2, 3]),
        event=np.array([1, 2, 1, 2, 1, 2]),
        at=np.array([0, DAY - 1, 0, DAY + 1, 0, 50]),
        received=np.array([0, DAY - 1, 0, DAY + 1, 0, 50]),
        clock=np.ones(6, bool),
    )

    assert world.truth.success(SimpleNamespace(reports=made), 3) == (1 / 3, 2 / 4)


# Pages


CASE = {"id": "c", "city": "Aalst", "revision": "a-1", "new": "v2", "signal": "drain", "cause": "model", "day": 3}
CASE |= {"halves": [{"kind": "mix", "day": 1, "signal": "drain"}] * 2}


@pytest.fixture
def pager(world):
    """A pager of a city with a cohort that gets worse, and one that does not."""

    def made(*pages, **changed):
        sound = {key: value for key, value in CASE.items() if key not in ("signal", "cause", "day")}
        cases = [CASE | changed, sound | {"id": "d", "revision": "b-2"}]
        both = [SimpleNamespace(case=case, **{key: case[key] for key in ("id", "city", "revision")}) for case in cases]
        found = world.pager.Pager(both)
        for day, revision, model, signal in pages:
            found.closed(day, [{"city": "Aalst", "revision": revision, "model": model, "signal": signal}])
        return found, *both

    return made


@pytest.mark.parametrize(
    ("pages", "word"),
    [
        ([(3, "v2")], "right"),
        ([(4, "v2")], "right"),
        ([(3, None), (4, "v2")], "right"),
        ([(3, "v2"), (7, "v2")], "right"),
        ([(3, "v2"), (5, "v2"), (6, "v2")], "often"),
        ([(4, "v2"), (4, None)], "blamed"),
        ([(4, None)], "blamed"),
        ([(4, None), (5, "v2")], "blamed"),
        ([(5, "v2")], "missed"),
        ([], "missed"),
        ([(2, "v2"), (4, "v2")], "early"),
    ],
)
def test_a_trend_is_paged_in_time_with_its_model_and_not_too_often(pager, pages, word):
    made, cohort, _ = pager(*((day, "a-1", model, "drain") for day, model in pages))

    assert made.trend(cohort)[0] == word


def test_a_model_that_is_not_to_blame_is_not_named(pager):
    for model, word in ((None, "right"), ("v2", "blamed")):
        made, cohort, _ = pager((4, "a-1", model, "drain"), cause="revision")
        assert made.trend(cohort)[0] == word


def test_a_page_without_a_reason_spoils_its_half_and_one_that_names_nobody_spoils_all(pager):
    for page, words in {
        (4, "a-1", "v2", "drain"): ["right"] * 4,
        (1, "a-1", "v2", "drain"): ["paged", "right", "right", "right"],
        (4, "a-1", "v2", "latency"): ["right", "paged", "right", "right"],
        (4, "b-2", None, "drain"): ["right", "right", "right", "paged"],
        (0, "z-9", None, "memory"): ["paged", "right", "paged", "right"],
        (0, None, None, "memory"): ["paged", "right", "paged", "right"],
        (0, "b-2", None, "colour"): ["right", "right", "paged", "right"],
    }.items():
        made, *both = pager(page)
        assert [made.spared(cohort, half)[0] for cohort in both for half in range(2)] == words, page


def test_a_page_that_names_no_city_spoils_its_half_for_all(pager):
    made, *both = pager((3, "a-1", "v2", "drain"))

    made.closed(5, [{"city": "Aalst (technician)", "revision": "a-1", "model": "v2", "signal": "drain"}])

    assert [made.spared(cohort, half)[0] for cohort in both for half in range(2)] == ["right", "paged"] * 2
    assert made.trend(both[0])[0] == "right"


# A season


@pytest.mark.parametrize("pages", ["late", {"x": 1}, [{"city": "Aalst"}], [{"city": "Aalst", "revision": 3}]])
def test_a_day_that_is_not_closed_is_spared_nothing(play, pages):
    aggregator = Silent()
    aggregator.close = lambda day: pages

    _, ways = play(draw.draw(3, cities=1), aggregator)

    assert set(ways.words["spared"]) == {"malformed"}
    assert set(ways.words["figures"]) == set(ways.words["updates"]) == {"malformed"}
    assert not ways.words["trend"]["right"]


def test_what_does_not_keep_up_is_sent_nothing_more(play, world):
    aggregator = Silent()
    aggregator.take = lambda reports: LATE

    _, ways = play(draw.draw(3, cities=1), aggregator)

    assert ways.words["keeps-up"]["none"] >= world.world.PATIENCE
    assert ways.words["rest"]["none"] > 20
    assert ways.asked["/reports"] < 2 * world.world.PATIENCE


def test_what_was_not_taken_is_sent_once_more_and_counts_as_it_was_at_first(play):
    aggregator, sent = Silent(), []

    def every_tenth(reports):
        sent.append(reports)
        return LATE if len(sent) % 10 == 0 else {}

    aggregator.take = every_tenth
    _, ways = play(draw.draw(3, cities=1), aggregator)

    words = ways.words["keeps-up"] + ways.words["homecoming"]
    assert words["none"] == len(sent) // 10
    assert ways.asked["/reports"] == len(sent) == words.total() + words["none"]


def test_a_season_that_takes_too_long_is_over(play):
    _, ways = play(draw.draw(3, cities=1), Silent(), now=51.0)

    assert not ways.asked["/reports"]
    assert set(ways.words) == {"rest"}
