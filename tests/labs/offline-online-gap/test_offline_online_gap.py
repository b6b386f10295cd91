"""The lab's questions, its draws, and what its sealed parts make of a plan."""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections import Counter
from typing import Any

import numpy as np
import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.course.spec import Scenario, drawn
from grader.load.plan import PlannedPhase
from grader.load.schedule import planned
from grader.load.traffic import import_file

LAB = find_lab("offline-online-gap")
EXAM = find_scenario(LAB).folder
draw = import_file(EXAM / "draw.py")


@pytest.mark.parametrize("folder", [EXAM, LAB.folder / "rehearsal"], ids=["exam", "rehearsal"])
def test_every_question_is_asked_once(folder):
    scenario = Scenario(folder, LAB)
    [trial] = scenario.spec.trials
    total = sum(planned(PlannedPhase(start=0, **phase.model_dump())) for phase in scenario.spec.timeline)

    traffic = import_file(LAB.folder / "rehearsal" / "load.py").Traffic(drawn(trial.parameters, random.Random(1)), 1)

    assert len(traffic) == total
    assert {traffic.request(n).name for n in range(total)} == set(scenario.slos)


def test_each_cause_is_in_half_of_the_systems_whatever_the_others():
    systems = [case for seed in range(10) for case in draw.draw(seed)["cases"] if case["kind"] == "system"]

    for cause, kinds in draw.CAUSES.items():
        counts = Counter(case[cause] for case in systems)
        assert counts.pop("") == len(systems) / 2
        assert set(counts) == set(kinds) and min(counts.values()) == max(counts.values())
    together = Counter(tuple(bool(case[cause]) for cause in draw.CAUSES) for case in systems)
    assert min(together.values()) > 0.75 * len(systems) / 8
    assert json.loads((LAB.folder / "public" / "plan.json").read_text()) == draw.public()


@pytest.fixture(scope="module")
def systems(site: Any) -> list[Any]:
    """Two of each kind of skew, experiment and metric, and of none."""
    kinds = [
        {"skew": skew, "experiment": experiment, "metric": metric}
        for skew in ("", *draw.SKEWS)
        for experiment in ("", *draw.EXPERIMENTS)
        for metric in ("", *draw.METRICS)
    ]
    return [site.systems.System(np.random.default_rng(n), {"id": str(n), **each}) for n, each in enumerate(kinds * 2)]


def differing(table: Any, at: int) -> float:
    """The share of rows of a column that are not the same but for rounding."""
    pairs = [(row[at], other[at]) for row, other in zip(table["offline"], table["served"], strict=True)]
    return sum(a is not b and (None in (a, b) or abs(a - b) > 1e-6 * abs(a)) for a, b in pairs) / len(pairs)


def test_skewed_columns_differ_in_one_row_of_fifteen_and_sound_ones_in_three(systems):
    for system in systems:
        table = system.asked["features"]
        for at, name in enumerate(table["names"]):
            if name in table["volatile"]:
                assert name not in system.skewed
            elif name in system.skewed:
                assert differing(table, at) > 1 / 15, (name, system.kinds)
            else:
                assert differing(table, at) <= 0.01, (name, system.kinds)
        assert bool(system.skewed) == bool(system.kinds["skew"])
        assert len(system.skewed) <= 5
    assert any(len(system.skewed) > 3 for system in systems)
    for system in systems:
        table = system.asked["features"]
        empty = [
            sum(row[at] is None for row in table[side]) / len(table[side])
            for at in range(len(table["names"]))
            for side in ("offline", "served")
        ]
        assert (max(empty) >= 0.5) == (system.kinds["skew"] == "default")


def test_what_is_skewed_is_now_and_then_never_there(site):
    asked = [site.columns.Columns(np.random.default_rng(seed), "default").asked for seed in range(40)]
    never = sum(
        all(row[at] is None for row in table[side])
        for table in asked
        for at in range(10)
        for side in ("offline", "served")
    )

    assert 8 <= never <= 25


def test_an_unfair_experiment_is_unfair_in_its_own_way_only(site, systems):
    for system in systems:
        asked, kind = system.asked["experiment"], system.kinds["experiment"]
        arms: dict[str, set[str]] = {}
        for user, arm in zip(asked["users"], asked["arms"], strict=True):
            arms.setdefault(user, set()).add(arm)
        once = {user: next(iter(given)) for user, given in arms.items() if len(given) == 1}
        earlier = dict(zip(asked["users"], asked["earlier"], strict=True))
        before = {user: earlier[user] for user in once}

        assert (len(arms) - len(once) > 0.05 * len(arms)) == (kind == "both arms")
        chance = site.experiments.chance(list(once.values()), asked["shares"])
        if kind != "both arms":
            assert chance < 1e-4 if kind.startswith("shares") else chance > 1e-4, kind
        phi = site.experiments.follows(once, before)
        assert phi > 0.18 if kind.startswith("carry-over") else phi < 0.08, kind
        assert site.experiments.chance(asked["arms"], asked["shares"]) > 1e-4 or kind.startswith("shares"), kind
        assert 0.0195 <= len(asked["users"]) / len(arms) - 1 <= 0.1
        assert len(set(asked["earlier"])) == 2 and "control" in asked["earlier"]


def test_launches_tell_whether_a_metric_follows(systems):
    for system in systems:
        offline, online = ([each[what] for each in system.asked["launches"]] for what in ("offline", "online"))
        follows = np.corrcoef(offline, online)[0, 1]
        assert follows < 0.31 if system.metric else follows > 0.77


def test_whoever_names_what_is_there_is_right_and_nobody_else(systems):
    for system in systems:
        truth = {"skew": system.skewed, "experiment": system.experiment, "metric": system.metric}
        asked = draw.of_system(system.kinds)["asked"]

        told = list(system.judged(truth))
        assert Counter(aspect for aspect, _, _ in told) == asked
        assert {word for _, word, _ in told} == {"right"}
        opposite = {"skew": [] if system.skewed else ["x"], "experiment": not system.experiment}
        assert {word for _, word, _ in system.judged(opposite | {"metric": not system.metric})} == {"wrong"}
        assert ("skew", "wrong") in [
            (a if system.skewed else "skew", w) for a, w, _ in system.judged(truth | {"skew": [*system.skewed, "x"]})
        ]


@pytest.mark.parametrize("arms", [2, 3])
@pytest.mark.parametrize("ids", draw.IDS)
def test_arms_are_judged_by_what_they_are(site, arms, ids):
    def lot(*what: str) -> float:
        return int.from_bytes(hashlib.sha256("/".join(what).encode()).digest()[:8], "big") / 2**64

    def two_draws(asked: Any, name: str) -> list[str]:
        treated = 1 - asked["shares"]["control"]
        others = [arm for arm in asked["shares"] if arm != "control"]
        edges = np.cumsum([asked["shares"][arm] for arm in others])[:-1] / treated
        return [
            others[int((lot(name, "which", user) >= edges).sum())] if lot(name, user) < treated else "control"
            for user in asked["users"]
        ]

    def anew(asked: Any, name: str) -> list[str]:
        """Whoever is new to a treatment once it was raised comes by chance."""
        if asked["shares"]["control"] > 0.5:
            return two_draws(asked, name)
        now = next(each.now for each in both if each.name == name)
        first = two_draws({"shares": now, "users": asked["users"]}, name)
        others = [arm for arm in asked["shares"] if arm != "control"]
        newly = 1 - asked["shares"]["control"] / now["control"]
        weights = [asked["shares"][arm] for arm in others]
        return [arm if arm != "control" or rng.random() > newly else rng.choices(others, weights)[0] for arm in first]

    def later(asked: Any, salt: Any) -> list[str]:
        """Only those of the first day have arms of the experiment's own; others as this salt has it."""
        first = set(next(each.users for each in both if each.name == asked["experiment"]))
        own, others = two_draws(asked, asked["experiment"]), two_draws(asked, salt())
        return [one if user in first else other for user, one, other in zip(asked["users"], own, others, strict=True)]

    def one_draw(asked: Any, name: str) -> list[str]:
        edges = np.cumsum(list(asked["shares"].values()))
        return [list(asked["shares"])[int((lot(name, user) >= edges[:-1]).sum())] for user in asked["users"]]

    def by_place(asked: Any, name: str) -> list[str]:
        order = sorted(asked["users"], key=lambda user: lot(name, user))
        place = {user: at / len(order) for at, user in enumerate(order)}
        edges = np.cumsum(list(asked["shares"].values()))
        return [list(asked["shares"])[int((place[user] >= edges[:-1]).sum())] for user in asked["users"]]

    people = site.experiments.users(np.random.default_rng(11), ids)
    case = {"arms": arms, "population": "p"}
    both = [site.experiments.Experiment(np.random.default_rng(n), case | {"id": str(n)}, people) for n in (1, 2)]
    rng = random.Random(1)

    def word(assign: Any, *, salted: bool = True) -> tuple[str, str]:
        for each in both:
            asked = [(each.users, each.now), (each.again, each.now), (each.more, each.raised), (each.last, each.raised)]
            name = each.name if salted else ""
            answers = [dict(zip(who, assign(each.asked(who, shares), name), strict=True)) for who, shares in asked]
            each.first, each.second, each.third, each.fourth = answers
        return both[0].verdict(both)

    assert word(two_draws) == ("right", "")
    assert "follow" in word(two_draws, salted=False)[1]
    assert "another arm" in word(by_place)[1]
    assert "again once the treatment was raised" in word(anew)[1]
    assert word(lambda asked, _: later(asked, lambda: str(rng.random())))[0] == "wrong"
    assert "follow" in word(lambda asked, _: later(asked, lambda: "one salt"))[1]
    assert "shares" in word(lambda asked, _: ["control"] * len(asked["users"]))[1]
    assert word(one_draw)[1] == ("" if arms == 2 else "when the treatment was raised, some users left theirs")


def test_an_experiment_is_judged_though_another_was_not_answered_to_the_end(site):
    people = site.experiments.users(np.random.default_rng(9), "even")
    case = {"arms": 2, "population": "p"}
    one, other = (site.experiments.Experiment(np.random.default_rng(n), case | {"id": str(n)}, people) for n in (1, 2))
    lists = (one.users, one.again, one.more, one.last)
    one.first, one.second, one.third, one.fourth = (dict.fromkeys(users, "control") for users in lists)
    other.first = one.first

    assert other.answers is None
    assert "shares" in one.verdict([one, other])[1]
    one.now = one.raised = {"control": 1.0}
    assert one.verdict([one, other]) == ("right", "")


def test_users_have_ids_of_their_kind(site):
    for kind in draw.IDS:
        people = site.experiments.users(np.random.default_rng(3), kind)
        assert len(set(people)) == len(people) == site.experiments.USERS + site.experiments.OTHERS
        begins = os.path.commonprefix(people)
        assert (len(begins) > 16) == (kind in ("prefix", "mail", "name")), (kind, begins)
    even = [int(user) for user in site.experiments.users(np.random.default_rng(3), "even")]
    assert {user % 2 for user in even} == {0}


def test_requests_are_odd_in_three_ways_and_a_value_off_is_seen(site):
    asked, odd = site.features.requests(np.random.default_rng(1), 400)
    names = site.features.NAMES

    for kind in ("no rating", "around midnight", "en-"):
        assert 0.3 < sum(kind in each for each in odd) / len(odd) < 0.5
    for raw, kind in zip(asked, odd, strict=True):
        right = dict(zip(names, site.features.values(raw), strict=True))
        assert site.features.wrong(right, raw) == []
        assert site.features.wrong(right | {"distance_km": right["distance_km"] * 0.621}, raw) == ["distance_km"]
        assert (right["rating"] == -1) == ("no rating" in kind)
        assert (right["distance_km"] < 600) or "far away" in kind
        assert right["days_listed"] >= 1 and right["lead_days"] >= 2


def test_a_home_s_rating_changes_without_its_price_and_the_other_way_round(site):
    asked, _ = site.features.requests(np.random.default_rng(1), 400)
    homes: dict[float, list[tuple[float | None, int]]] = {}
    for raw in asked:
        homes.setdefault(raw["home"]["lat"], []).append((raw["home"]["rating"], raw["home"]["price_cents"]))

    ratings = sum(len({rating for rating, _ in seen}) > len({price for _, price in seen}) for seen in homes.values())
    prices = sum(len({rating for rating, _ in seen}) < len({price for _, price in seen}) for seen in homes.values())
    assert ratings > 10 and prices > 10


def test_of_the_pairs_of_a_log_each_other_figure_orders_half(site, logs):
    for log in logs:
        assert len({name for better, worse, _ in log.pairs for name in (better, worse)}) == 8
        assert set(log.truth) == set(log.asked["picks"])
        for better, worse, _ in log.pairs:
            assert log.truth[better] > 1.4 * log.truth[worse]
        for figure in site.logs.OTHERS:
            assert sum(says[figure] for _, _, says in log.pairs) == 2
        assert min(log.asked["log"]["propensity"]) >= 0.06
        assert len(json.dumps(log.asked)) < 400_000


def test_weighting_orders_pairs_and_no_other_figure_does(logs):
    wrong = dict.fromkeys(("weighted", "clicks", "matches", "most clicks", "least like"), 0)
    pairs = 0
    for log in logs:
        scores = {model: scored(log.asked["log"], pick) for model, pick in log.asked["picks"].items()}
        for better, worse, _ in log.pairs:
            pairs += 1
            for name in wrong:
                wrong[name] += not scores[better][name] > scores[worse][name]

    assert wrong.pop("weighted") <= 0.1 * pairs
    assert all(each > 0.3 * pairs for each in wrong.values()), wrong


def scored(log: dict[str, list[float]], pick: list[int]) -> dict[str, float]:
    """A model by the right figure, and by some that are not."""
    shown, propensity, clicked = (np.array(log[name]) for name in ("shown", "propensity", "clicked"))
    value = np.array(log["booked"]) * (1 - np.array(log["cancelled"])) * np.array(log["margin"])
    same = np.array(pick) == shown
    weight = same / propensity
    clicks = float((weight * clicked).sum() / weight.sum())
    return {
        "weighted": float((weight * value).sum() / weight.sum()),
        "clicks": clicks,
        "matches": float(value[same].mean()),
        "most clicks": -clicks,
        "least like": -float(same.mean()),
    }
