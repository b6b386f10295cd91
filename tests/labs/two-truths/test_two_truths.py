"""What the exam of `two-truths` stands on: draws, zones, truth, words of answers, and the real parts."""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from grader.authoring.audit.bounds import Bounds
from grader.course.catalog import find_lab, find_scenario, rehearsal
from grader.course.spec import Scenario
from grader.course.systems import system
from grader.exam.draw import draw_trial, phase_plans
from grader.load.traffic import import_file, make_traffic
from infra.images.venvs import environment
from infra.process.runtime import ProcessRuntime
from infra.runtime import Request
from tests.labs import modules

LAB = find_lab("two-truths")
WORLD = LAB.folder / "world"
PLAYING = import_file(Path(__file__).with_name("playing.py"))
MISTAKEN = 4  # draws in which a mistake is tried
PROBE = """
import importlib, json
found = {}
for name in ("truth", "definitions", "world", "copied"):
    try:
        found[name] = bool(importlib.import_module(name))
    except ModuleNotFoundError:
        found[name] = False
print("found", json.dumps(found))
"""

with modules.importable(WORLD):
    import definitions as DEFINITIONS  # type: ignore[import-not-found]
    import season as SEASON  # type: ignore[import-not-found]
    import truth as TRUTH  # type: ignore[import-not-found]
    import zones as ZONES  # type: ignore[import-not-found]


@pytest.fixture(scope="module")
def exam() -> Scenario:
    return find_scenario(LAB)


@pytest.fixture(scope="module")
def seasons() -> list[Any]:
    return [SEASON.Season(seed) for seed in range(MISTAKEN)]


@pytest.fixture(scope="module")
def asked(seasons: list[Any]) -> list[list[tuple[str, Any, dict[str, Any]]]]:
    """Of each season what is judged by its own values: the objective, the moment, and what is true."""
    return [
        [
            ("serving" if one.kind == "first" else one.kind, one, season.values(one))
            for one in [*season.checkouts[SEASON.OPENING :], *season.batches[0], *season.batches[1]]
            if one.kind != "agree"
        ]
        for season in seasons
    ]


# What is drawn


def test_each_season_has_as_many_rows_of_each_kind_and_asks_every_version(seasons):
    for season in seasons:
        kinds = [Counter(row.kind for row in batch) for batch in season.batches]
        asked = {key for name in SEASON.VERSIONS for key in season.sets[name].items()}

        assert kinds == [Counter(SEASON.OF_EACH, agree=SEASON.PAIRED)] * 2
        assert asked == {*season.later} | {(one.name, 1) for one in season.old}
        assert all(set(season.sets[name].items()) <= set(season.base) for name in SEASON.FIRST)
        assert not {(one.name, 1) for one in season.old} & {
            key for name in SEASON.FIRST for key in season.sets[name].items()
        }
        assert {len(features) for features in season.sets.values()} == {4}


def test_little_is_the_same_in_two_seasons(seasons):
    assert len({season.today for season in seasons}) == MISTAKEN
    assert len({name for season in seasons for name, _ in season.later}) > 6 * MISTAKEN
    assert len({json.dumps([one.data for one in season.later.values()]) for season in seasons}) == MISTAKEN
    assert len({frozenset(one.name for one in season.old) for season in seasons}) > 1


def test_nothing_is_near_an_edge_but_what_is_exactly_on_it(seasons):
    near, exact = timedelta(milliseconds=100), 0
    for season in seasons[:4]:
        for one in [*season.checkouts, *season.batches[0], *season.batches[1]]:
            edges = {one.at} | {TRUTH.begin(season.definitions[key], one.at) for key in season.sets[one.set].items()}
            times = {time for event in season.events[one.customer]
                     for time in (event.at, *(recorded for _, recorded in event.statuses[1:]))}  # fmt: skip
            exact += len(edges & times)

            assert not [(edge, at) for edge in edges for at in times if edge != at and abs(edge - at) < near]
    assert exact > 400


def test_what_is_asked_at_checkout_is_written_before_it_and_pairs_come_before_their_batch(seasons, exam):
    phases = {one.phase: one for one in phase_plans(exam.spec.phases("day"))}
    for season in seasons:
        for number, batch in enumerate(season.batches):
            last = max(row.pair for row in batch)
            due = phases["checkouts"].start + (last - SEASON.OPENING) / phases["checkouts"].rate
            assert due + 1.0 < exam.spec.trials[0].parameters["first_at" if number == 0 else "second_at"].uniform[0]
        times: dict[str, datetime] = {}
        for one in season.checkouts:
            assert times.get(one.customer, season.today) < one.at
            times[one.customer] = one.at


# Truth


@pytest.mark.parametrize("zone", sorted(ZONES.ZONES))
def test_zones_are_those_of_the_database(zone):
    begin = datetime(2025, 11, 1, tzinfo=UTC)
    for hours in range(0, 24 * 400, 3):
        moment = begin + timedelta(hours=hours, minutes=hours % 60)
        assert ZONES.local(moment, zone) == moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    for number in range(400):
        day = date(2025, 11, 1) + timedelta(days=number)
        wall = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
        assert ZONES.midnight(day, zone) == wall.astimezone(UTC)


def feature(aggregate: str, **more: Any) -> Any:
    """A definition over orders of the last ten days."""
    given = {"value": "amount", "where": (), "days": 10, "kind": "rolling", "missing": "skip", "empty": None} | more
    return DEFINITIONS.Definition("f", 1, "orders", aggregate=aggregate, **given)


def orders(*told: tuple[float, Any]) -> list[Any]:
    """Orders, by how many days ago they were placed, and their amounts; delivered in an hour, refunded in a day."""
    made = []
    for days, amount in told:
        at = NOON - timedelta(days=days)
        later = ("delivered", at + timedelta(hours=1)), ("refunded", at + timedelta(days=1))
        made.append(TRUTH.Event(f"o{days}", "c", at, amount, "web", (("placed", at), *later)))
    return made


NOON = datetime(2026, 5, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "told", "true"),
    [
        (feature("sum"), [(10, 5), (9.99, 7), (0, 1)], 8.0),
        (feature("sum", kind="calendar", days=1), [(0.6, 5), (0.4, 7)], 7.0),
        (feature("count"), [(10, 5)], None),
        (feature("count", empty=-1), [], -1),
        (feature("mean"), [(1, None), (2, 6)], 6.0),
        (feature("mean", missing="zero"), [(1, None), (2, 6)], 3.0),
        (feature("mean"), [(1, None)], None),
        (feature("max"), [(1, 3), (11, 9)], 3.0),
        (feature("days_since", value=None), [(1.5, None), (3, 4)], 1.5),
        (feature("share", where=(("status", "refunded"),)), [(0.5, 1), (2, 1), (3, 1), (30, 1)], 2 / 3),
        (feature("share", where=(("status", "disputed"),)), [(2, 1)], 0.0),
        (feature("count", where=(("channel", "web"),)), [(1, 1), (2, 1)], 2.0),
    ],
)
def test_a_definition_is_what_the_brief_says(asked, told, true):
    assert TRUTH.value(asked, orders(*told), NOON) == true


def test_a_status_counts_as_it_was_recorded_by_then():
    asked = feature("count", where=(("status", "refunded"),), empty=0)

    assert (
        TRUTH.value(asked, orders((0.9, 1)), NOON) == 0 and TRUTH.value(asked, orders((0.9, 1)), NOON, leaks=True) == 1
    )


def test_a_value_is_held_to_a_part_in_a_thousand_million_and_null_to_null():
    assert TRUTH.same(1000.0, 1000.0000005) and not TRUTH.same(1000.0, 1000.000005)
    assert TRUTH.same(None, None) and TRUTH.same(0, 0.0)
    assert not any(
        TRUTH.same(*pair) for pair in [(None, 0), (0, None), (1, True), (1, "1"), (1, [1]), (1, float("nan"))]
    )


# Mistakes


def real(found: float | None) -> float | None:
    """As PostgreSQL's `real` keeps it."""
    return None if found is None else float(struct.unpack("f", struct.pack("f", found))[0])


MISTAKES: dict[str, Callable[[Any, Any, Any], Any]] = {
    "utc-days": lambda one, events, at: TRUTH.value(replace(one, zone="UTC"), events, at),
    "both-ends": lambda one, events, at: TRUTH.value(one, events + on_edge(one, events, at), at),
    "rolling-for-calendar": lambda one, events, at: TRUTH.value(replace(one, kind="rolling"), events, at),
    "skips-nulls": lambda one, events, at: TRUTH.value(replace(one, missing="skip"), events, at),
    "status-of-today": lambda one, events, at: TRUTH.value(one, events, at, leaks=True),
    "real": lambda one, events, at: real(TRUTH.value(one, events, at)),
    "open-end": lambda one, events, at: TRUTH.value(one, [each for each in events if each.at != at], at),
    "zero-always": lambda one, events, at: TRUTH.value(replace(one, missing="zero"), events, at),
    "or-empty": lambda one, events, at: TRUTH.value(one, events, at) or one.empty,
    "after-midnight": lambda one, events, at: TRUTH.value(
        one, [each for each in events if one.kind == "rolling" or each.at != TRUTH.begin(one, at)], at
    ),
    "days-by-the-clock": lambda one, events, at: TRUTH.value(
        one, [each for each in events if one.kind != "rolling" or each.at >= by_the_clock(one, at)], at
    ),
    "last-ever": lambda one, events, at: TRUTH.value(
        replace(one, days=9_999 if one.aggregate == "days_since" else one.days), events, at
    ),
    "mean-of-all": lambda one, events, at: mean_of_all(one, events, at),
    "status-before": lambda one, events, at: TRUTH.value(
        one, [replace(each, statuses=before(each, at)) for each in events], at
    ),
}
SPOILS = {
    "utc-days": ("serving",),
    "both-ends": ("serving",),
    "rolling-for-calendar": ("serving", "training"),
    "skips-nulls": ("versions",),
    "status-of-today": ("leak",),
    "real": ("serving", "training", "leak", "versions"),
    "open-end": ("serving",),
    "zero-always": ("versions",),
    "or-empty": ("training",),
    "after-midnight": ("serving",),
    "days-by-the-clock": ("serving",),
    "last-ever": ("versions",),
    "mean-of-all": ("versions",),
    "status-before": ("serving",),
}
"""Which mistake burns which budgets in every season; most burn others too."""
TIMES = {
    "both-ends": 1.5,
    "or-empty": 0.9,
    "skips-nulls": 1.5,
    "open-end": 0.8,
    "after-midnight": 1.2,
    "zero-always": 1.2,
    "days-by-the-clock": 0.4,
    "last-ever": 0.7,
    "mean-of-all": 0.9,
    "status-before": 0.7,
}
"""How often at least, if less than twice: what the worst of sixteen draws and more burnt, less a margin; one round
forgives 0.33 of the budget of `serving`, and 0.55 of `versions`."""


def on_edge(one: Any, events: list[Any], at: datetime) -> list[Any]:
    """What is exactly where a rolling window begins, moved into it."""
    since = TRUTH.begin(one, at)
    return [
        replace(each, at=since + timedelta(seconds=1)) for each in events if one.kind == "rolling" and each.at == since
    ]


def by_the_clock(one: Any, at: datetime) -> datetime:
    """So many days before, at the same local time."""
    day = ZONES.local(at, one.zone) - timedelta(days=one.days)
    return ZONES.midnight(day.date(), one.zone) + (day - datetime.combine(day, time()))


def mean_of_all(one: Any, events: list[Any], at: datetime) -> Any:
    """What is kept, divided by how many there are."""
    if (one.aggregate, one.missing) != ("mean", "zero"):
        return TRUTH.value(one, events, at)
    mean, kept, of = (
        TRUTH.value(replace(one, aggregate=aggregate, where=where), events, at)
        for aggregate, where in (("mean", one.where), ("count", one.where), ("count", ()))
    )
    return mean if not mean or mean == one.empty else mean * kept / of


def before(each: Any, at: datetime) -> Any:
    """An order's statuses without one of this very moment."""
    return each.statuses[:1] + tuple(found for found in each.statuses[1:] if found[1] != at)


@pytest.mark.parametrize("mistake", sorted(MISTAKES))
def test_one_mistake_alone_is_seen_in_every_season(mistake, seasons, asked, exam, monkeypatch):
    monkeypatch.setitem(ZONES.ZONES, "UTC", ZONES.Zone(0))
    for season, moments in zip(seasons, asked, strict=True):
        seen = Counter[tuple[str, bool]]()
        for objective, one, true in moments:
            if objective in SPOILS[mistake]:
                events = season.events[one.customer]
                said = (
                    MISTAKES[mistake](season.definitions[key], events, one.at) for key in season.sets[one.set].items()
                )
                seen[objective, all(map(TRUTH.same, true.values(), said))] += 1
        for objective in SPOILS[mistake]:
            share = seen[objective, False] / (seen[objective, False] + seen[objective, True])
            times = TIMES.get(mistake, 2)
            assert share >= times * (1 - exam.slos[objective].target), (season.seed, objective, share)


# Words of answers


def traffic_of(scenario: Scenario) -> tuple[Any, Any]:
    """The load of a trial, and its season."""
    [trial] = scenario.spec.trials
    record = draw_trial(scenario, trial.id, 0, 1, 1)
    made = make_traffic(scenario.load_file, dict(record.parameters), 1, phase_plans(scenario.spec.phases(trial.id)))
    return made, SEASON.Season(record.parameters["seed_of"])


def tells(name: str) -> str:
    """What a word says of a feature."""
    return name if name in {one.name for one in DEFINITIONS.BASE} else "new"


def said(values: dict[str, Any]) -> bytes:
    return json.dumps({"values": values}).encode()


def test_a_checkout_is_judged_value_by_value(exam):
    traffic, season = traffic_of(exam)
    asked = traffic.request(20)
    true = season.values(season.checkouts[20])
    name = next(iter(true))

    assert (asked.name, asked.path, asked.segment) == ("checkout", "/checkouts/20", season.checkouts[20].kind)
    assert traffic.check(asked, 200, {}, said({**true, "more": 1})) == "right"
    assert traffic.check(asked, 200, {}, json.dumps({"values": true, "doubt": [name]}).encode()) == "doubtful"
    assert traffic.check(asked, 200, {}, json.dumps({"values": true, "doubt": []}).encode()) == "right"
    assert traffic.check(asked, 200, {}, said({**true, name: 1e9})) == f"wrong {tells(name)}"
    assert traffic.check(asked, 200, {}, said({key: true[key] for key in true if key != name})) == "lacking"
    assert traffic.check(asked, 502, {}, b"") == "none"


def test_a_row_of_a_checkouts_moment_is_held_to_what_was_said_then(exam):
    traffic, season = traffic_of(exam)
    first = SEASON.OPENING + SEASON.CHECKOUTS
    rows = [traffic.request(first + number) for number in range(2 * SEASON.BATCH)]
    agree = next(row for row in rows if row.segment == "agree")
    pair = season.batches[0][agree.number].pair
    odd = dict.fromkeys(season.sets[season.batches[0][agree.number].set], 1.5)
    differs = f"differs {tells(next(iter(odd)))}"

    assert traffic.check(agree, 200, {}, said(odd)) == differs
    traffic.check(traffic.request(pair), 200, {}, said(odd))
    assert traffic.check(agree, 200, {}, said(odd)) == "same"
    assert traffic.check(agree, 200, {}, said(dict.fromkeys(odd, 1.5000000001))) == differs
    assert traffic.check(agree, 200, {}, said(dict.fromkeys(odd, "1.5"))) == differs
    for row in rows:
        batch, number = divmod(row.number, SEASON.BATCH)
        if row.segment != "agree":
            assert traffic.check(row, 200, {}, said(season.truth[batch][number])) == "right"


def test_the_brief_says_how_many_may_be_bad_of_how_many(exam):
    once = Bounds(exam.spec.model_copy(update={"rounds": 1}), len(exam.slos))
    kinds = Counter({"serving": 120, "versions": 120, "fast": 240, "agree": 2 * SEASON.PAIRED})
    kinds.update({kind: 2 * many for kind, many in SEASON.OF_EACH.items()})
    brief = (LAB.folder / "README.md").read_text()
    for name, slo in exam.slos.items():
        row = next(line for line in brief.splitlines() if line.startswith(f"| `{name}`"))
        bad, of = map(int, re.search(r"\| (\d+) of (\d+) \|$", row).groups())  # type: ignore[union-attr]
        assert (bad, of) == (once.forgiven(kinds[name], slo.target), kinds[name]), name
        assert f"{slo.target:.0%}".replace("%", " %") in row


# The real parts


def test_truth_is_what_the_references_sql_says_in_a_real_postgres(exam, tmp_path):
    features = PLAYING.staged(exam, "reference", tmp_path)
    with PLAYING.stores(tmp_path) as store:
        order = {"store": store, "world": str(WORLD), "features": str(features), "seed": 11}
        done = subprocess.run(
            [environment("sql") / "bin" / "python", Path(__file__).with_name("against_sql.py")],
            env={**os.environ, "PYTHONPATH": str(PLAYING.CAST / "lib")},
            input=json.dumps(order), capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert not done.returncode, done.stderr[-2000:]
    season = SEASON.Season(11)
    moments = season.checkouts[::3] + season.batches[0][::2] + season.batches[1][1::2]
    for one, found in zip([*season.definitions.values(), *season.edits], json.loads(done.stdout), strict=True):
        true = [TRUTH.value(one, season.events[each.customer], each.at) for each in moments]

        assert len(found) == len(true) and len(set(true)) > 2
        assert not [pair for pair in zip(true, found, strict=True) if not TRUTH.same(*pair)], one


def test_open_code_cannot_import_the_world_and_may_run_a_copy_of_it(tmp_path):
    shutil.copytree(LAB.folder / "features", tmp_path / "features")
    shutil.copy(WORLD / "zones.py", tmp_path / "features" / "copied.py")
    main = tmp_path / "features" / "main.py"
    main.write_text(PROBE + main.read_text("utf-8"), "utf-8")
    request = Request(f"two-truths-{os.getpid()}", tmp_path, secrets={"BROWNOUT_TOKEN": PLAYING.TOKEN})
    deployment = ProcessRuntime().deploy(system(LAB), request)
    try:
        found = next(line for line in deployment.logs("features").splitlines() if line.startswith("found "))
    finally:
        deployment.stop()

    assert json.loads(found.removeprefix("found ")) == {
        "truth": False,
        "definitions": False,
        "world": False,
        "copied": True,
    }


def test_the_everyday_goes_on_by_itself_and_the_page_shows_what_was_told(tmp_path):
    key = {"authorization": f"Bearer {PLAYING.TOKEN}"}
    with (
        PLAYING.running(LAB.folder / "features", tmp_path) as urls,
        httpx.Client(trust_env=False, timeout=60) as client,
    ):
        answers = [client.post(f"{urls['shop']}/checkouts/0") for _ in range(3)]
        PLAYING.eventually(lambda: sum(client.get(f"{urls['shop']}/figures").json().values()) == 3, 60)
        page, dump = client.get(urls["shop"]).text, client.get(f"{urls['shop']}/dump/orders.csv").text
        refused = client.post(f"{urls['control']}/act", json={"do": "base"})
        early = client.post(f"{urls['control']}/act", json={"do": "base"}, headers=key)
        begun = client.post(f"{urls['control']}/plan", json={"seed": 3}, headers=key)
        odd = client.post(f"{urls['control']}/act", json={"do": "dance"}, headers=key)
        there = client.post(f"{urls['shop']}/checkouts/1")
        none = client.post(f"{urls['shop']}/checkouts/9999"), client.get(f"{urls['shop']}/dump/people.csv")

    assert {reply.status_code for reply in (*answers, begun, there)} == {200} and begun.json()["seed"] == 3
    assert [reply.status_code for reply in (refused, early, odd, *none)] == [401, 422, 422, 404, 404]
    assert "are wrong at checkout" in page and "three weeks before" in page
    assert dump.startswith("id,customer,placed_at,amount,channel,status\n") and dump.count("\n") > 1000


def test_the_rehearsal_is_the_exams_day(exam):
    assert rehearsal(LAB).spec.timeline == exam.spec.timeline
