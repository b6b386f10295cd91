"""The world of `model-decay`, and what is drawn of it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader.course.catalog import find_lab, find_scenario, rehearsal
from grader.load.traffic import import_file
from tests.labs import virtual
from tests.labs.modules import importable

LAB = find_lab("model-decay")
draw = import_file(find_scenario(LAB).folder / "draw.py")


@pytest.fixture(scope="module")
def world() -> Iterator[SimpleNamespace]:
    """The world's modules."""
    with importable(LAB.folder / "world"):
        import depots
        import record
        import world

        yield SimpleNamespace(depots=depots, record=record, world=world)


def case(**happenings: int) -> dict[str, Any]:
    return {"id": "d", "depot": "d", "season": 0, "norm": 3.0, "happenings": happenings, "judged": {}}


def depot(world: SimpleNamespace, seed: int = 5, **happenings: int) -> Any:
    return world.depots.Depot(seed, case(**happenings))


def contradicted(day: Any) -> int:
    """Labels that the foreman saw differently."""
    return int((day.typed[day.audited] != day.true[day.audited]).sum())


def test_a_seed_gives_the_same_days_and_another_seed_others(world):
    one, same, other = (depot(world, seed=seed).day(3) for seed in (5, 5, 6))

    assert one.rows.tolist() == same.rows.tolist() and one.typed.tolist() == same.typed.tolist()
    assert one.rows.tolist() != other.rows.tolist()


@pytest.mark.parametrize("kind", ["gradual", "abrupt", "swapped", "thin"])
def test_a_happening_changes_nothing_before_its_day(world, kind):
    calm, hit = depot(world), depot(world, **{kind: 12})

    assert all(calm.day(day).typed.tolist() == hit.day(day).typed.tolist() for day in range(-35, 12))
    assert any(calm.day(day).typed.tolist() != hit.day(day).typed.tolist() for day in range(12, 60))


def test_the_world_turns_at_once_or_slowly_and_the_old_model_is_left_behind(world):
    for hit, half in ((depot(world, abrupt=12), 12), (depot(world, gradual=12), 72)):
        lost = [hit.best(day) - hit.accuracy(hit.first_model, day) for day in (11, half, 89)]

        assert lost[0] < 0.02 and lost[1] > 0.2 and lost[2] == lost[1]
    assert depot(world, gradual=12).accuracy(depot(world).first_model, 30) > lost[1]


def test_wrong_labels_are_half_and_the_foreman_sees_them(world):
    hit = depot(world, swapped=10)
    days = [hit.day(day) for day in range(-35, 90)]
    end = 45 + hit.lasts

    assert np.mean([(day.typed != day.true).mean() for day in days[45:end]]) == pytest.approx(0.5, abs=0.06)
    assert min(contradicted(day) for day in days[45:end]) >= 2
    assert np.mean([contradicted(day) >= 2 for day in days[:45] + days[end:]]) < 0.06


def test_few_call_outs_are_all_audited(world):
    hit = depot(world, thin=10)
    few = range(10, 10 + hit.lasts)

    assert {len(hit.day(day).true) for day in few} == {2, 3, 4}
    assert all(len(hit.day(day).audited) == len(hit.day(day).true) for day in few)
    assert min(len(hit.day(day).true) for day in (9, few.stop)) > 50


def test_how_long_a_trouble_lasts_is_not_known_by_heart(world):
    assert {world.depots.Depot(seed, case()).lasts for seed in range(99)} == set(range(12, 21))


def test_what_is_possible_is_what_the_brief_says(world):
    norms = (1.0, 2.0, 5.0)
    best = [world.depots.Depot(seed, {**case(), "norm": norm}).best(0) for norm in norms for seed in range(8)]

    assert 0.65 < min(best) < 0.7 and 0.88 < max(best) < 0.92


def played(world: SimpleNamespace, keeper: Any, days: int = 40, **more: Any) -> tuple[Any, Any]:
    """A short season of one depot: its record, and what was told."""
    seasons = [{"region": "r", "first": "2026-01-05"}]
    plan = {"seed": 5, "seasons": seasons, "days": days, "cases": [{**case(), **more}]}
    made = world.world.World(plan)
    ways = virtual.play(made, lambda path, body: getattr(keeper, path.strip("/"))(body))
    return made.records["d"], ways


class Keeper:
    """Says the same each day."""

    def __init__(self, said: Any) -> None:
        self.said = said
        self.asked: list[dict[str, Any]] = []

    def begin(self, asked: dict[str, Any]) -> Any:
        self.asked.append(asked)
        return self.said

    def day(self, asked: dict[str, Any]) -> Any:
        self.asked.append(asked)
        return self.said


MODEL = {"intercept": 0.1, "coef": [1, 2.5, 0, -1, 0]}


def test_outcomes_come_five_days_late_and_each_once(world):
    keeper = Keeper({})
    played(world, keeper)
    begun, *days = keeper.asked

    assert [each["day"] for each in begun["depots"]["d"]["history"]] == list(range(-35, -5))
    assert [each["day"] - each["outcomes"]["d"]["day"] for each in days] == [5] * 40
    assert [days[0]["date"], days[-1]["date"]] == ["2026-01-05", "2026-02-13"]


@pytest.mark.parametrize(
    "said",
    [
        7, None, [], {}, {"deploy": 1, "accuracy": []}, {"deploy": {"d": None}, "accuracy": {"d": "0.8"}},
        {"deploy": {"d": {**MODEL, "coef": [1, 2]}}, "accuracy": {"d": 1.5}},
        {"deploy": {"d": {**MODEL, "coef": [1, 2, True, 4, 5]}}, "accuracy": {"d": True}},
        {"deploy": {"d": {**MODEL, "intercept": 1e300}}, "accuracy": {"d": -0.1}},
        {"deploy": {"another": MODEL}, "accuracy": {"another": 0.8}},
    ],
)  # fmt: skip
def test_what_is_no_answer_changes_nothing(world, said):
    judged = {"measured": [30], "keeps-up": [31], "sparing": [39]}
    record, ways = played(world, Keeper(said), judged=judged)

    assert record.models == 0 and record.live is record.depot.first_model
    assert [(aspect, word) for _, aspect, word, _ in ways.told] == [
        ("measured", "silent"), ("keeps-up", "right"), ("sparing", "right"),
    ]  # fmt: skip


def test_each_model_counts_and_a_bad_one_is_unfit(world):
    judged = {"keeps-up": [20], "sparing": [39]}
    record, ways = played(world, Keeper({"deploy": {"d": MODEL}, "accuracy": {"d": 0.5}}), judged=judged)

    assert record.models == 40
    assert [word for *_, word, _ in ways.told] == ["unfit", "too-many"]


def test_accuracy_is_that_of_the_model_that_was_live(world):
    """All is decided wrongly from day 10 on, which 14 days of outcomes show on day 28, and half of it on day 21."""
    wrong = world.depots.Depot(5, case()).first_model * -1

    class Late(Keeper):
        def day(self, asked: dict[str, Any]) -> Any:
            model = {"intercept": wrong[0], "coef": wrong[1:].tolist()}
            return {"deploy": {"d": model} if asked["day"] == 10 else {}, "accuracy": {"d": 0.5}}

    record, _ = played(world, Late({}))
    true = [each.true for each in record.entries]

    assert true[14] > 0.78 and true[28] < 0.22 and true[21] == pytest.approx(0.5, abs=0.05)
    assert record.word("measured")[0] == "off"


def test_who_is_late_three_times_in_a_row_is_not_asked_again(world):
    keeper = Keeper(virtual.LATE)
    record, _ = played(world, keeper)

    assert len(keeper.asked) == 3 and len(record.entries) == 40


def test_there_is_something_to_look_at(world):
    plan = draw.public()
    made = world.world.World(plan)
    name, depot = plan["cases"][0]["id"], plan["cases"][0]["depot"]
    made.records[name].play(0, MODEL, 0.8)

    assert depot in made.page("") and "80 %" in made.page("")
    assert "<svg" in made.page(name) and "new model" in made.page(name)
    assert made.page("no such depot") == ""


def test_the_lab_carries_the_public_plan():
    carried = json.loads((LAB.folder / "public" / "plan.json").read_text("utf-8"))

    assert carried == json.loads(json.dumps(draw.public()))


@pytest.mark.parametrize(
    ("plan", "scenario"), [(draw.draw(3), find_scenario(LAB)), (draw.public(), rehearsal(LAB))], ids=["exam", "public"]
)
def test_each_question_has_its_moment_in_the_load(plan, scenario):
    asked = sum(sum(each["asked"].values()) for each in plan["cases"])

    assert asked == sum(int(phase.rate * phase.seconds) for phase in scenario.spec.timeline)
    assert {aspect for each in plan["cases"] for aspect in each["asked"]} == set(scenario.spec.objectives)


LOOKED_AT = {"gradual": "keeps-up", "abrupt": "recovers", "swapped": "not-fooled", "thin": "thin-days"}
DRAWS = [draw.draw(seed) for seed in range(40)]


@pytest.mark.parametrize("plan", DRAWS)
def test_days_lie_where_the_brief_says(plan):
    windows = {"gradual": (0, 79), "abrupt": (18, 79), "swapped": (5, 34), "thin": (5, 34)}
    for each in plan["cases"]:
        begins = each["happenings"]
        for kind, day in begins.items():
            judged = [at - day for at in each["judged"][LOOKED_AT[kind]]]
            assert windows[kind][0] <= min(judged) and max(judged) <= windows[kind][1] and day >= 10
        assert max(max(days) for days in each["judged"].values()) == 89
        assert max(each["judged"]["no-harm"]) < min(begins.values(), default=90)
        if len(begins) == 2:
            trouble, change = (day for _, day in sorted(begins.items(), key=lambda item: item[0] == "abrupt"))
            assert 30 <= abs(trouble - change) <= 35
            assert not {*each["judged"]["recovers"]} & {*range(trouble + 5, trouble + 30)}


def test_a_live_model_is_looked_at_in_each_part_of_a_season_but_after_a_change():
    """By days since what happens: each five of them have their share of looks."""
    since: dict[tuple[str, bool], Counter[int]] = defaultdict(Counter)
    for each in (each for plan in DRAWS for each in plan["cases"] if len(each["happenings"]) == 2):
        (kind, trouble), (_, change) = each["happenings"].items()
        for aspect in ("recovers", LOOKED_AT[kind], "no-harm"):
            since[kind, trouble < change].update((day - change) // 5 for day in each["judged"].get(aspect, ()))
    for (_, first), looks in since.items():
        nobody = {0, 1, 2}  # days 0 to 14; the 15th to 17th lie in the next five
        reach = range(-7, 6) if first else range(-2, 13)
        assert {five for five in reach if looks[five] < 40} == nobody


def test_seasons_are_alike_and_leave_no_month_out():
    for plan in DRAWS:
        kinds = Counter((each["season"], *each["happenings"]) for each in plan["cases"])
        assert sorted(kinds.values()) == [2] * 4 + [3] * 12
        begins = [date.fromisoformat(each["first"]) for each in plan["seasons"]]
        months = {(first + timedelta(day)).month for first in begins for day in range(plan["days"])}
        assert months == set(range(1, 13))


def test_one_region_has_two_seasons_and_its_depots_are_others_by_the_same_names():
    alike = []
    for plan in DRAWS:
        regions = [each["region"] for each in plan["seasons"]]
        [twice] = [region for region in set(regions) if regions.count(region) == 2]
        first, second = (at for at, region in enumerate(regions) if region == twice)
        names: dict[int, dict[str, Any]] = defaultdict(dict)
        for each in plan["cases"]:
            names[each["season"]][each["depot"]] = sorted(each["happenings"])
        assert set(names[first]) == set(names[second])
        assert sum(map(len, names.values())) == 44 and len(set().union(*names.values())) == 33
        alike += [happens == names[second][name] for name, happens in names[first].items()]
    assert 0.15 < np.mean(alike) < 0.4


def test_a_region_s_second_season_begins_when_its_first_is_over(world):
    plan = draw.draw(3, share=0.25)
    asked: list[tuple[str, str]] = []

    def said(path: str, body: dict[str, Any]) -> dict[str, Any]:
        asked.append((body["region"], body.get("date", "")))
        return {}

    virtual.play(world.world.World(plan), said)

    days = Counter(region for region, day in asked if day)
    assert sorted(days.values()) == [90, 90, 180]
    [twice] = [region for region, count in days.items() if count == 180]
    ours = [day for region, day in asked if region == twice]
    assert [at for at, day in enumerate(ours) if not day] == [0, 91] and ours[90] < ours[92]


def test_no_part_of_the_season_and_no_depot_can_be_known_by_heart():
    names = Counter(each["id"] for plan in [*DRAWS, draw.public()] for each in plan["cases"])
    days = {kind: [each["happenings"][kind] for plan in DRAWS for each in plan["cases"] if kind in each["happenings"]]
            for kind in LOOKED_AT}  # fmt: skip

    assert max(names.values()) == 1
    for kind in LOOKED_AT:
        sizes = [each["norm"] for plan in DRAWS for each in plan["cases"] if kind in each["happenings"]]
        assert 0.4 < np.mean(np.array(sizes) < 5**0.5) < 0.6
    for kind in ("swapped", "thin", "abrupt"):
        assert 0.4 < np.mean(np.array(days[kind]) < 38) < 0.6
        assert len(set(days[kind])) > 27
