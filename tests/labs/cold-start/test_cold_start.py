"""What the exam of `cold-start` stands on: towns and days, what lists are called, and its controls in virtual time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from grader.course.catalog import find_lab, find_scenario, rehearsal
from grader.exam.draw import phase_plans
from grader.load.traffic import import_file, make_traffic
from tests.labs import modules
from tests.labs.ports import free_port
from tests.labs.services import started
from tests.waiting import eventually

LAB = find_lab("cold-start")
EXAM, PUBLIC = find_scenario(LAB), rehearsal(LAB)
PLAYED = import_file(Path(__file__).with_name("playing.py")).PLAYED
TOKEN = "the token"

with modules.importable(LAB.folder / "world"):
    import books as BOOKS  # type: ignore[import-not-found]
    import day as DAY  # type: ignore[import-not-found]
    import town as TOWN  # type: ignore[import-not-found]


# What is drawn


@pytest.mark.parametrize("seed", range(3))
def test_a_day_has_all_its_visits_and_whoever_comes_back_comes_later(seed):
    events = DAY.Day(seed).events
    visits = [event for event in events if event.what == DAY.VISIT]
    mine: dict[str, list[Any]] = {}
    for event in visits:
        mine.setdefault(event.person.id, []).append(event)
    again = [each for each in mine.values() if len(each) > 1]
    kinds = Counter((event.kind, event.time) for event in visits)

    assert [event.n for event in events] == list(range(DAY.EVENTS))
    assert len(mine) == DAY.NEWCOMERS + DAY.REGULARS and len(again) == DAY.RETURN
    assert kinds["newcomer", 1] == 133 and kinds["guest", 1] == 27 and kinds["regular", 0] == 112
    assert all([event.time for event in each] == [1, 2, 3, 4, 5] for each in again)
    assert min(b.n - a.n for each in again for a, b in pairwise(each)) >= DAY.APART[0]


@pytest.mark.parametrize("seed", range(3))
def test_of_each_new_recipe_enough_visitors_will_love_its_kitchen(seed):
    day = DAY.Day(seed)
    new = [event for event in day.events if event.what == DAY.NEWS]
    gone = [event.recipe.id for event in day.events if event.what == DAY.GONE]
    later = [[one for one in day.events if one.person and one.n >= event.n + DAY.SOON] for event in new]

    assert len(new) == DAY.NEW and len(set(gone)) == DAY.WITHDRAWN
    assert max(Counter(event.recipe.kitchen for event in new).values()) <= 4
    for event, visitors in zip(new, later, strict=True):
        assert sum(event.recipe.kitchen in one.person.loves for one in visitors) >= DAY.VISITORS


def test_a_group_has_two_kitchens_in_its_clicks_and_they_are_others_in_each_town():
    for seed in range(3):
        town = TOWN.Town(seed)
        kitchens = {recipe.id: recipe.kitchen for recipe in town.recipes}
        group = {person.id: (person.region, person.household) for person in town.regulars}
        clicks: dict[Any, Counter[str]] = {}
        for user, recipe in town.clicks:
            clicks.setdefault(group[user], Counter())[kitchens[recipe]] += 1
        assert all({name for name, _ in each.most_common(2)} == set(town.typical[of]) for of, each in clicks.items())

    assert len({tuple(TOWN.Town(seed).typical.values()) for seed in range(20)}) == 20


def test_nothing_that_a_recommender_is_told_says_what_somebody_loves():
    town = TOWN.Town(4)

    assert set(town.history) == {"date", "recipes", "users", "clicks"}
    assert {key for one in town.history["recipes"] for key in one} == {"id", "kitchen", "minutes"}
    assert {key for one in town.history["users"] for key in one} == {"id", "region", "household"}
    assert town.person("newcomer", 1, guest=True).known["region"] is None


# What lists are called


def first_visit(seed: int) -> tuple[Any, Any, list[str], list[str]]:
    """Books of a day, a newcomer's first visit, ids that they like, and ids that they do not."""
    books = BOOKS.Books(DAY.Day(seed))
    event = next(event for event in books.day.events if event.kind == "newcomer")
    liked = [id_ for id_, one in books.recipes.items() if books.day.town.likes(event.person, one)]
    return books, event, liked, [id_ for id_ in books.recipes if id_ not in liked]


def test_a_list_is_called_by_what_is_liked_of_it_and_two_are_clicked():
    for likes, word in ((0, "few"), (2, "few"), (3, "some"), (5, "some"), (6, "many"), (10, "many")):
        books, event, liked, other = first_visit(5)
        visit = books.shown(event, 0.0, {"recipes": other[: 10 - likes] + liked[:likes]}, "")

        assert (visit.word, visit.clicks) == (word, liked[: min(likes, 2)])
        again = books.shown(event, 0.0, {"recipes": other[: 10 - likes] + liked[:likes]}, "")
        assert len(again.hits) == max(0, likes - 2), "what was clicked before is no hit"


def test_no_list_and_a_bad_one_are_neither_liked_nor_clicked():
    books, event, liked, _ = first_visit(6)
    gone = next(one for one in books.day.events if one.what == DAY.GONE)
    books.changed(gone)
    books.withdrawn[gone.recipe.id] = 10.0
    ten = liked[:9] + [gone.recipe.id]
    for said in ({"recipes": liked[:9]}, {"recipes": liked[:9] * 2}, {"recipes": liked[:9] + ["r0"]}, {"recipes": ten}):
        visit = books.shown(event, 11.0, said, "")
        assert (visit.word, visit.hits) == ("odd", ())
    for said in (None, [], {"recipes": []}, {"recipes": "abc"}, {"recipes": [1] * 10}, {"recipes": {"a": 1}}):
        assert books.shown(event, 11.0, said, "").word == "none"

    assert books.shown(event, 10.4, {"recipes": ten}, "").word == "many", "it was withdrawn just now"
    assert books.shown(event, 11.0, {"recipes": liked[:10]}, "status 500").word != "many"


def test_a_new_recipe_is_seen_by_those_who_love_its_kitchen_and_no_others():
    books = BOOKS.Books(DAY.Day(7))
    new = next(event for event in books.day.events if event.what == DAY.NEWS)
    books.changed(new)
    visits = [event for event in books.day.events if event.person]
    others = [event for event in visits if new.recipe.kitchen not in event.person.loves][:5]
    soon = [event for event in visits if event.n < new.n + DAY.SOON]
    lovers = [event for event in visits if event.n >= new.n + DAY.SOON and new.recipe.kitchen in event.person.loves]
    some = [id_ for id_ in books.recipes if id_ != new.recipe.id][:9]
    for event in others + soon:
        books.shown(event, 0.0, {"recipes": [*some, new.recipe.id]}, "")
    assert books.seen(new.n) == (0, 0) and books.seen(new.n + 1) == (0, 0)
    for number, event in enumerate(reversed(lovers)):
        books.shown(event, 0.0, {"recipes": [*some, new.recipe.id if number < 3 else "r0"]}, "")

    assert books.seen(new.n) == (DAY.VISITORS, 0 if len(lovers) >= DAY.VISITORS + 3 else 3)


def test_the_load_asks_for_the_whole_day_and_then_for_all_new_recipes():
    for scenario, seed in ((EXAM, 11), (PUBLIC, 7)):
        phases = phase_plans(scenario.spec.phases("day"))
        traffic = make_traffic(scenario.load_file, {"seed_of": seed}, 1, phases)
        day, count = DAY.Day(seed), sum(int(phase.rate * phase.seconds) for phase in scenario.spec.timeline)
        asked = [traffic.request(n) for n in range(count)]
        names = Counter(one.name for one in asked)

        assert [one.path for one in asked[: DAY.EVENTS]] == [f"/events/{day.ticket(n)}" for n in range(DAY.EVENTS)]
        assert (names["first"], names["later"], names["regular"], names["guest"]) == (133, 120, 112, 27)
        assert len({one.path for one in asked if one.name == "new-recipe"}) == names["new-recipe"] == DAY.NEW
        assert traffic.check(asked[0], 200, {}, b'{"word": "many"}') == "many"
        assert traffic.check(asked[0], 502, {}, b"") == "none"


# Controls in virtual time


@pytest.mark.timeout(300)
def test_the_reference_keeps_all_promises_in_a_draw():
    PLAYED.check_luck("reference", range(1, 2))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", sorted(EXAM.controls))
def test_a_control_burns_what_it_should_in_three_draws(name):
    PLAYED.check_luck(name, range(2, 5))


# The real parts


@pytest.fixture
def running() -> Iterator[dict[str, str]]:
    """Audience and recommender as they ship; the base URLs of their ports."""
    at = {name: f"127.0.0.1:{free_port()}" for name in ("audience", "control", "recommender")}
    urls = {name: f"http://{where}" for name, where in at.items()}
    base = {"PYTHONPATH": str(LAB.folder.parent / "cast" / "lib"), "BROWNOUT_TOKEN": TOKEN}
    services = [
        (
            "world/audience.py",
            {"LISTEN": at["audience"], "CONTROL": at["control"], "RECOMMENDER": urls["recommender"]},
            urls["audience"],
        ),
        ("recommender/main.py", {"LISTEN": at["recommender"], "AUDIENCE": urls["audience"]}, urls["recommender"]),
    ]
    with ExitStack() as stack:
        for file, env, url in services:
            stack.enter_context(started("core", LAB.folder / file, base | env, f"{url}/healthz"))
        yield urls


def test_a_planned_day_is_loaded_and_the_page_shows_who_got_nothing(running):
    key = {"authorization": f"Bearer {TOKEN}"}
    day = DAY.Day(9)
    newcomer = next(event for event in day.events if event.kind == "newcomer")
    regular = next(event for event in day.events if event.kind == "regular" and event.person)
    with httpx.Client(trust_env=False, headers=key, timeout=10) as client:
        everyday = client.post(f"{running['audience']}/events")
        refused = client.post(f"{running['control']}/plan", json={"seed": 9}, headers={"authorization": ""})
        odd = client.post(f"{running['control']}/plan", json={"seed": "x"})
        client.post(f"{running['control']}/plan", json={"seed": 9})
        eventually(lambda: client.get(f"{running['control']}/ledger").json()["mornings"] == 1)
        planned = client.post(f"{running['audience']}/events")
        words = [
            client.post(f"{running['audience']}/events/{day.ticket(event.n)}").json()["word"]
            for event in (newcomer, regular)
        ]
        page, figures = client.get(running["audience"]).text, client.get(f"{running['audience']}/figures").json()

    assert (everyday.status_code, refused.status_code, odd.status_code, planned.status_code) == (200, 401, 422, 409)
    assert words == ["none", "many"] and figures["first"] == 0 < figures["regulars"]
    assert "On their first visit 1 of 1 newcomers got no good list" in page and "NO GOOD LIST: status 500" in page
