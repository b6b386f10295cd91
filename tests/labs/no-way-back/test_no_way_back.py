"""What the exam of `no-way-back` stands on: draws, the trainer, words of answers, and its controls in virtual time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from grader.course.catalog import find_lab, find_scenario, rehearsal
from grader.course.spec import drawn
from grader.exam.draw import phase_plans
from grader.load.traffic import import_file, make_traffic
from tests.labs import modules
from tests.labs.ports import free_port
from tests.labs.services import started
from tests.waiting import eventually

LAB = find_lab("no-way-back")
EXAM, PUBLIC = find_scenario(LAB), rehearsal(LAB)
PLAYED = import_file(Path(__file__).with_name("playing.py")).PLAYED
TOKEN = "the token"

with modules.importable(LAB.folder / "world"):
    import days as DAYS  # type: ignore[import-not-found]
    import picture as PICTURE  # type: ignore[import-not-found]
    import quotes as QUOTES  # type: ignore[import-not-found]
    import recent as RECENT  # type: ignore[import-not-found]
    import trainer as TRAINER  # type: ignore[import-not-found]
with modules.importable(LAB.folder / "rents"):
    import model as MODEL  # type: ignore[import-not-found]


def traffic_of(scenario: Any, trial: int, seed: int = 1) -> tuple[Any, dict[str, Any], dict[str, range]]:
    """A trial's load, its parameters, and the numbers of each phase's arrivals."""
    given = drawn(scenario.spec.trials[trial].parameters, random.Random(seed))
    phases = phase_plans(scenario.spec.phases(scenario.spec.trials[trial].id))
    made = make_traffic(scenario.load_file, given, seed, phases)
    numbers, first = {}, 0
    for phase in scenario.spec.timeline:
        numbers[phase.phase] = range(first, first := first + int(phase.rate * phase.seconds))
    return made, given, numbers


# What is drawn


@pytest.mark.parametrize("before", [0, 1])
def test_no_name_but_a_digest_of_all_tells_two_releases_apart(before):
    for seed in range(3):
        made = [DAYS.Days(seed, before).release(k) for k in range(1, 6 + before)]
        asked, last, spoilt = QUOTES.flat(seed, 1), made[1 + before], made[2 + before]

        assert len({QUOTES.rent(QUOTES.values(one.parts), asked) for one in made}) == len(made)
        assert made[0].table == made[1].table and made[0].params != made[1].params and made[0].code == made[1].code
        assert (last.date, last.code, last.params) == (spoilt.date, spoilt.code, spoilt.params)
        assert last.table != spoilt.table and made[3 + before].code not in {one.code for one in made[: 3 + before]}
        assert [one.broken is not None for one in made[: 4 + before]] == [False] * (2 + before) + [True, False]
        assert max(len(one.table) for one in made) < 40_000


def test_nothing_that_a_release_is_made_from_is_the_same_in_each_draw():
    made = [DAYS.Days(seed).release(3) for seed in range(20)]

    assert len({one.table_sha256 for one in made}) == 20
    assert min(len({getattr(one, key) for one in made}) for key in ("code", "date", "broken")) > 7
    assert len({json.dumps(one.params) for one in made}) > 17


def test_the_trainer_makes_the_same_of_the_same_and_refuses_what_makes_no_sense():
    one = DAYS.Days(5).release(1)
    again = TRAINER.train("base", one.table, one.code, dict(reversed(one.params.items())))

    assert again == one.parts["base"] != TRAINER.train("base", one.table, "fit-999", one.params)
    for odd in (("roof", one.table, one.code, one.params), ("base", "x", one.code, one.params),
                ("base", one.table, "latest", one.params), ("base", one.table, one.code, {"shrink": 5})):  # fmt: skip
        with pytest.raises(ValueError):
            TRAINER.train(*odd)


def test_the_rent_that_the_load_expects_is_the_models():
    one = DAYS.Days(6).release(2)
    for number in range(50):
        asked = QUOTES.flat(6, number)

        assert MODEL.quote(one.parts, asked)["rent"] == QUOTES.rent(QUOTES.values(one.parts), asked)


# Words of answers


def said(rent: str, id_: str) -> bytes:
    return json.dumps({"rent": rent, "release": id_}).encode()


def test_a_rent_tells_whose_it_is_and_an_id_is_held_to_its_release():
    traffic, _, numbers = traffic_of(EXAM, 0)
    asked = traffic.request(numbers["back"][0])
    rents = {k: rent for rent, k in asked.rents.items()}
    check = lambda k, id_, whose: traffic.check(asked, 200, {"x-served-by": whose}, said(rents[k], id_))  # noqa: E731

    assert asked.due == 2 and len(rents) == 5
    assert check(2, "b", "r2") == "due" and check(3, "c", "r3") == "another"
    assert check(2, "c", "r3") == "misnamed" and check(2, "x", "r2 r3") == "misnamed"
    assert check(4, "d", "unknown") == "another" and check(2, "d", "unknown") == "misnamed"
    assert check(2, "e", "unknown") == "misnamed", "what is due is known by its id"
    assert traffic.check(asked, 200, {}, said("1.00", "b")) == "mixed"
    assert traffic.check(asked, 502, {}, b"") == "none"


def test_what_is_due_after_a_crash_is_what_was_answered_last():
    for trial, known in ((0, [1, 2, 3]), (1, [1, 2, 3, 4, 5])):
        traffic, given, numbers = traffic_of(EXAM, trial)
        asked = {phase: traffic.request(numbers[phase][0]).due for phase in ("shipped", "shipped-on", "stands")}
        first = 1 + given["before"]

        assert asked == {
            "shipped": first + 1, "shipped-on": first + 2,
            "stands": given["target"] if given["call"] else first + 3,
        }  # fmt: skip
        assert {traffic.request(n).k for n in numbers["audit"]} == set(known)
        last = [traffic.request(n) for n in numbers["audit-on"]]
        rents, asked_of = [one for one in last if one.name == "rent"], {one.k for one in last if one.name == "court"}
        assert asked_of == {*known, first + 3} if given["again"] else asked_of == {*known, first + 4} and not rents
        assert {one.due for one in rents} <= {given["again"]} and len(rents) in (0, len(last) // 2)


def test_the_court_takes_the_very_bytes_and_nothing_else():
    traffic, given, numbers = traffic_of(EXAM, 1)
    days = DAYS.Days(given["seed_of"], given["before"])
    for n in numbers["audit"]:
        asked = traffic.request(n)
        made, what = days.release(asked.k), asked.path.rpartition("/")[2]
        true = {"record": json.dumps({**made.record, "more": 1}).encode(), "table": made.table.encode()} | made.parts

        assert traffic.check(asked, 200, {}, true[what]) == "true"
        assert traffic.check(asked, 200, {}, true[what].replace(b"1", b"2", 1)) == "false"


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
def running(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Foundry, front and api as they ship; the base URLs of their ports."""
    names = ("foundry", "foundry-control", "front", "front-control", "api")
    at = {name: f"127.0.0.1:{free_port()}" for name in names}
    urls = {name: f"http://{where}" for name, where in at.items()}
    base = {"PYTHONPATH": str(LAB.folder.parent / "cast" / "lib"), "BROWNOUT_TOKEN": TOKEN}
    services = [
        ("world/foundry.py", {"LISTEN": at["foundry"], "CONTROL": at["foundry-control"]}, urls["foundry"]),
        (
            "world/front.py",
            {"LISTEN": at["front"], "CONTROL": at["front-control"], "API": urls["api"],
             "FOUNDRY_CONTROL": urls["foundry-control"]},
            urls["front"],
        ),
        ("rents/main.py", {"LISTEN": at["api"], "FOUNDRY": urls["foundry"], "DATA_DIR": str(tmp_path)}, urls["api"]),
    ]  # fmt: skip
    with ExitStack() as stack:
        for file, env, url in services:
            stack.enter_context(started("core", LAB.folder / file, base | env, f"{url}/healthz"))
        yield urls


def test_a_planned_release_is_asked_for_and_the_page_shows_whose_rent_it_was(running):
    key = {"authorization": f"Bearer {TOKEN}"}
    made = DAYS.Days(9).release(1)
    with httpx.Client(trust_env=False, headers=key, timeout=10) as client:
        refused = client.post(f"{running['front-control']}/act", json={"do": "release"}, headers={"authorization": ""})
        odd = client.post(f"{running['front-control']}/act", json={"do": "dance"})
        for part in ("foundry-control", "front-control"):
            client.post(f"{running[part]}/plan", json={"seed": 9, "before": 0})
        client.post(f"{running['front-control']}/act", json={"do": "release", "k": 1})
        eventually(lambda: client.get(f"{running['front-control']}/ledger").json()["ids"])
        asked = QUOTES.flat(9, 9)
        rent = client.post(f"{running['front']}/v1/rents", json={"flat": asked})
        table = client.get(f"{running['front']}/audit/1/table")
        none = client.get(f"{running['front']}/audit/2/table")
        page, figures = client.get(f"{running['front']}/").text, client.get(f"{running['front']}/figures").json()
        calls = client.get(f"{running['foundry']}/").text

    assert (refused.status_code, odd.status_code, none.status_code) == (401, 422, 404)
    assert rent.json()["rent"] == QUOTES.rent(QUOTES.values(made.parts), asked) and rent.headers["x-served-by"] == "r1"
    assert rent.json()["release"] == made.date and table.content == made.table.encode()
    assert "Of 1 rents 0 were another release&#x27;s" in page and figures == {"in-force": 1, "another": 0, "nobody": 0}
    assert all(f"<td>{part}</td><td>{made.table_sha256[:12]}</td>" in calls for part in TRAINER.PARTS)


# What the page shows


def test_the_picture_is_there_before_anything_was_released() -> None:
    chart = PICTURE.drawn(RECENT.Recent(), DAYS.Days(seed=7), now=1000.0)

    assert chart.title == "Of 0 rents 0 were another release's, and 0 were no release's at all"
