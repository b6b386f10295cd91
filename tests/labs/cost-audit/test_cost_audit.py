"""The lab's descriptions, its questions, its draws, and the words for whatever a planner answers."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from grader.course.spec import Lab, Scenario, drawn
from grader.load.plan import PlannedPhase
from grader.load.schedule import planned
from grader.load.traffic import import_file
from infra.images.venvs import environment
from tests.labs.modules import importable

ROOT = Path(__file__).resolve().parents[3]
LAB, EXAM = ROOT / "labs" / "cost-audit", ROOT / "scenarios" / "cost-audit"
draw = import_file(EXAM / "draw.py")


@pytest.mark.parametrize("folder", [EXAM, LAB / "rehearsal"], ids=["exam", "rehearsal"])
def test_every_question_is_asked_once(folder):
    scenario = Scenario(folder, Lab(LAB))
    [trial] = scenario.spec.trials
    total = sum(planned(PlannedPhase(start=0, **phase.model_dump())) for phase in scenario.spec.timeline)

    traffic = import_file(LAB / "rehearsal" / "load.py").Traffic(drawn(trial.parameters, random.Random(1)), 1)

    assert len(traffic) == total
    assert {traffic.request(n).name for n in range(total)} == set(scenario.slos)


def test_the_answer_sheet_is_of_the_public_fleets():
    with importable(LAB / "world"):
        assert json.loads((LAB / "public" / "answers.json").read_text()) == draw.answers(draw.public())


def test_a_fleet_tells_nothing_but_itself():
    names = [case["id"] for seed in range(4) for case in draw.draw(seed)["cases"]]

    assert len(set(names)) == len(names)
    assert len({json.dumps(case["asked"]) for case in draw.draw(5)["cases"]}) == 1


@pytest.mark.parametrize("plan", [draw.draw(5), draw.public()], ids=["exam", "public"])
def test_a_quarter_is_asked_again_by_the_same_names_for_another_month(cloud, plan):
    fleets: dict[str, list[dict[str, Any]]] = {}
    for case in plan["cases"]:
        fleets.setdefault(case["fleet"], []).append(case)
    twice = [cases for cases in fleets.values() if len(cases) > 1]

    assert len(twice) == round(0.24 * len(plan["cases"])) and {len(cases) for cases in twice} == {2}
    for cases in twice[:3]:
        one, other = (cloud.fleet.fleet_of(plan["seed"], case)[0] for case in cases)
        assert one["fleet"] == other["fleet"] and one["month"] != other["month"]
        for kind in ("services", "trainings", "stores", "flows", "machines"):
            assert {each["name"] for each in one[kind]} == {each["name"] for each in other[kind]}
            assert one[kind] != other[kind]
        assert {each["type"] for each in one["types"]} == {each["type"] for each in other["types"]}
        assert one["zones"].keys() == other["zones"].keys() and one["types"] != other["types"]


def test_nothing_is_hurt_as_it_is_and_each_category_has_something_to_save(cloud, fleets):
    shares = []
    for fleet, hidden in fleets:
        before = cloud.plans.before(fleet)
        was, least = cloud.month.bill(fleet, hidden, before), cloud.month.least(fleet, hidden)

        assert {word for _, word, _ in cloud.month.harms(fleet, hidden, before)} == {"right"}
        assert all(least[name] < (0.95 if name == "stores" else 0.7) * was[name] for name in cloud.month.CATEGORIES)
        shares.append(sum(least.values()) / sum(was.values()))

    assert sum(shares) < 0.5 * len(fleets)
    assert max(shares) < 0.65


def test_next_month_is_what_the_rules_say_of_it(cloud):
    for number in range(400):
        rng, hidden = random.Random(number), random.Random(-1 - number)
        types = cloud.services.drawn_types(rng, ["a1", "b2"])
        service, peak = cloud.services.drawn_service(
            rng, hidden, types, number % 7, lambda count: "2027-01-01", rng.choice((45, 60, 350, 7000)), 1.0
        )

        assert 0.85 * max(service["demand"]) < peak <= 1.14 * max(service["demand"])
        assert sorted(service["demand"])[-9] < 0.9 * max(service["demand"])  # one afternoon, and it is above the p99


def test_no_training_is_a_close_call_and_each_constraint_counts(cloud, fleets):
    kinds: Counter[str] = Counter()
    for fleet, _ in fleets:
        riskiest = max(fleet["pools"], key=lambda each: each["interruptions_per_hour"])["pool"]
        for training in fleet["trainings"]:
            chances = {name: chance for name, (chance, _) in cloud.trainings.outcomes(training, fleet["pools"]).items()}
            assert not any(0.96 < chance < 0.998 for chance in chances.values())
            assert chances["on-demand"] == 1
            every = training["checkpoint_hours"]
            kinds["none" if not every else "close" if every < 3 else "far"] += chances[riskiest] < 0.99

    assert min(kinds[kind] for kind in ("none", "close", "far")) > 0.8 * len(fleets)


def test_each_constraint_is_met_in_each_fleet(cloud, fleets):
    guards: Counter[str] = Counter()
    for fleet, hidden in fleets:
        ends = [each["kept_until"] for each in fleet["stores"] if each["kept_until"][:7] == fleet["month"][:7]]
        small = [
            name for name, peak in hidden.peaks.items() if peak < 2 * min(each["units"] for each in fleet["types"])
        ]
        kinds = ("services", "trainings", "stores", "flows")
        names = {each["name"]: kind for kind in kinds for each in fleet[kind]}
        guards.update(names[each["protects"]] for each in fleet["machines"] if each["protects"] in names)

        assert len(ends) == len(small) == 1
        assert ends[0] > fleet["month"]
    assert len(guards) == 4


def test_the_least_bill_for_services_is_that_of_the_best_of_all_plans(cloud, fleets):
    fleet, hidden = fleets[0]
    fleet = {**fleet, "services": fleet["services"][:3], "types": fleet["types"][:5]}
    fleet["running"] = {**fleet["running"], "type": fleet["types"][0]["type"]}
    fleet["offers"] = [each for each in fleet["offers"] if each["type"] in [one["type"] for one in fleet["types"][1:]]]

    def choices(service):
        sound = [one for one in service["variants"] if one["accuracy"] >= service["accuracy_floor"]]
        for kind, form in itertools.product(fleet["types"], sound):
            needs = hidden.peaks[service["name"]] * form["work"] / kind["units"]
            if form["memory_gb"] <= kind["memory_gb"]:
                yield kind["type"], max(2, -int(-needs // 1)), form["variant"]

    def cheapest(chosen):
        after = cloud.plans.before(fleet)
        after.services = dict(zip((each["name"] for each in fleet["services"]), chosen, strict=True))
        lasting: Counter[str] = Counter()
        for service in fleet["services"]:
            kind, count, _ = after.services[service["name"]]
            lasting[kind] += count if cloud.services.lasts(fleet, service) else 0
        after.committed = {each["type"]: lasting[each["type"]] for each in fleet["offers"]}
        return cloud.services.cost(fleet, after), cloud.services.taken_off(fleet, after)[0]

    every = min(map(cheapest, itertools.product(*map(choices, fleet["services"]))))

    assert cloud.services.best(fleet, hidden.peaks) == pytest.approx(every)


def test_who_leaves_nothing_to_commit_to_has_not_committed(cloud, fleets):
    fleet, hidden = fleets[0]
    held = next(each for each in fleet["types"] if each["type"] == fleet["running"]["type"])
    plan = [
        {"resource": each["name"], "action": "resize", "type": held["type"], "count": 99}
        for each in fleet["services"]
        if cloud.services.lasts(fleet, each)
    ]

    saved, most, cheapest = cloud.month.commitments(fleet, hidden, cloud.plans.carried_out(fleet, plan))
    told = list(cloud.month.judged(fleet, hidden, {"actions": plan, "saving_usd": 0}))

    assert saved == most == 0 < cheapest
    assert ("saving", "wrong") in [(aspect, word) for aspect, word, note in told if note.startswith("commitments")]


@pytest.mark.parametrize(
    "action",
    [{}, {"resource": 7}, {"resource": []}, {"resource": "x", "action": "stop"}, {"action": "stop"}]
    + [{"resource": "service", "action": "resize", "type": "type", "count": count} for count in (0, -1, 2.0, True, "2")]
    + [{"resource": "service", "action": "resize", "type": [{}], "count": 2}]
    + [{"resource": "service", "action": "resize", "type": "type", "count": 10**17}]
    + [{"resource": "service", "action": "variant"}, {"resource": "service", "action": "stop"}]
    + [{"resource": "training", "action": "pool", "pool": None}, {"resource": "store", "action": "tier", "class": {}}]
    + [{"resource": "flow", "action": "move", "zone": "internet"}, {"resource": "type", "action": "commit"}],
    ids=str,
)
def test_what_cannot_be_done_is_left_out_and_said(cloud, fleets, action):
    fleet = fleets[0][0]
    lists = {"service": "services", "training": "trainings", "store": "stores", "flow": "flows", "type": "types"}
    known = {word: fleet[kind][0].get("name", fleet[kind][0].get("type")) for word, kind in lists.items()}
    named = {key: known.get(value, value) if isinstance(value, str) else value for key, value in action.items()}
    after = cloud.plans.before(fleet)

    assert cloud.plans.carry_out(fleet, after, named)
    assert after == cloud.plans.before(fleet)


NOTHING = {"actions": [], "saving_usd": 0}
ODD = {"resource": ["<b>"], "action": "<script>", "x" * 5000: {"deep": [1] * 5000}, "count": 10**17}
REPLIES: dict[str, tuple[dict[str, Any], str]] = {
    "late": ({"status": 0, "json": None, "error": "no whole answer within 5 s"}, "none"),
    "crash": ({"status": 500, "json": NOTHING}, "none"),
    "list": ({"status": 200, "json": []}, "malformed"),
    "no actions": ({"status": 200, "json": {"saving_usd": 1}}, "malformed"),
    "actions of lists": ({"status": 200, "json": {"actions": [["stop"]], "saving_usd": 1}}, "malformed"),
    "saving in words": ({"status": 200, "json": {"actions": [], "saving_usd": "1"}}, "malformed"),
    "saving is true": ({"status": 200, "json": {"actions": [], "saving_usd": True}}, "malformed"),
    "too many": ({"status": 200, "json": {"actions": [{}] * 401, "saving_usd": 1}}, "malformed"),
    "nothing": ({"status": 200, "json": NOTHING}, ""),
    "odd": ({"status": 200, "json": {"actions": [ODD] * 400, "saving_usd": 1e300}}, ""),
}


@pytest.fixture(scope="module")
def played() -> dict[str, Any]:
    """What the world made of each reply, two fleets each."""
    given = {"plan": draw.draw(3, fleets=2), "replies": [reply for reply, _ in REPLIES.values()]}
    paths = os.pathsep.join(map(str, (LAB / "world", LAB.parent / "cast" / "lib")))
    done = subprocess.run(
        [str(environment("core") / "bin" / "python"), str(Path(__file__).with_name("playing.py"))],
        input=json.dumps(given), capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
    return dict(zip(REPLIES, json.loads(done.stdout), strict=True))


def test_what_is_no_plan_keeps_no_promise(played):
    for name, (_, word) in REPLIES.items():
        if word:
            assert {told for _, told in played[name]["told"]} == {word}, name
            assert "no plan" in played[name]["pages"][0]


def test_every_question_is_told_whatever_comes(played):
    asked = 2 * sum(draw.ASKED.values())

    assert {name: sum(bool(word) for _, word in each["told"]) for name, each in played.items()} == dict.fromkeys(
        REPLIES, asked
    )


def test_a_plan_of_nothing_saves_nothing_and_hurts_nobody(played):
    assert {aspect for aspect, word in played["nothing"]["told"] if word != "right"} == {"saving"}


def test_a_strange_plan_is_shown_bounded_and_escaped(played):
    page = played["odd"]["pages"][1]

    assert ["forecast", "wrong"] in played["odd"]["told"]
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert len(page) < 200_000
