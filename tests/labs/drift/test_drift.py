"""The drift lab's own parts: its descriptions, its traffic, its services."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from types import ModuleType

import pytest

from grader.course.spec import Lab, Scenario
from grader.load.plan import PlannedPhase
from grader.load.schedule import planned
from infra.system import load_system
from tests.labs.drift.conftest import EXAM, LAB, TOKEN

HIDDEN = {"streams_seed": 8, "lanes": 36}
BATCHES = 36 * 33
OK = ("quiet", "unusual")


def test_only_the_monitor_is_open():
    system = load_system(LAB / "compose.yaml", Lab(LAB).spec.open)

    assert [service.name for service in system.services.values() if service.open] == ["monitor"]


def test_the_platform_queues_by_the_lanes_of_the_traffic(public):
    platform = load_system(LAB / "compose.yaml", Lab(LAB).spec.open).services["platform"]

    assert platform.environment["LANE"] == public.LANE


@pytest.mark.parametrize("folder", [EXAM, LAB / "rehearsal"], ids=["exam", "rehearsal"])
def test_the_timeline_hands_over_every_day_of_every_stream_once(folder, load, public):
    scenario = Scenario(folder, Lab(LAB))
    traffic = (load if folder == EXAM else public).Traffic(HIDDEN, 1)
    total = sum(planned(PlannedPhase(start=0, **phase.model_dump())) for phase in scenario.spec.timeline)

    batches = Counter(traffic.request(n).json["batch"] for n in range(total))

    assert len(batches) == total == sum(len(lane) for lane in traffic._lanes)
    assert traffic.request(total).json["stream"].endswith("-1")


def test_a_streams_days_come_in_order(load):
    traffic = load.Traffic(HIDDEN, 1)
    seen: dict[str, list[str]] = {}

    for n in range(BATCHES):
        notice = traffic.request(n).json
        seen.setdefault(notice["stream"], []).append(notice["date"])

    assert len(seen) == 108
    assert all(dates == sorted(set(dates)) for dates in seen.values())


def test_there_are_enough_events_to_tell(load):
    traffic = load.Traffic(HIDDEN, 1)

    kinds = Counter(traffic.request(n).name for n in range(BATCHES))

    assert kinds["drift"] == kinds["concept"] == 43
    assert kinds["broken"] >= 120 and kinds["quiet"] >= 200 and kinds["unusual"] >= 190


@pytest.mark.parametrize(
    ("happening", "days"),
    [
        ({"kind": "shift", "day": 2, "ramp": 1}, "quiet quiet settling settling settling drift settling settling"),
        ({"kind": "shift", "day": 1, "ramp": 3}, "quiet settling settling settling settling settling drift settling"),
        ({"kind": "mix", "day": 1}, "quiet settling settling settling drift settling settling settling"),
        ({"kind": "raised", "day": 1}, "quiet quiet quiet quiet settling settling settling concept"),
        ({"kind": "scrambled", "day": 0}, "quiet quiet quiet settling settling settling concept settling"),
    ],
    ids=["at once", "slow", "mix", "raised", "scrambled"],
)
def test_a_change_is_judged_once_and_not_before_it_can_be_known(public, happening, days):
    monday = {"first": "2026-03-02", "days": 8, "happenings": [happening]}

    assert [public.truth(monday, day)[0] for day in range(8)] == days.split()


def test_a_broken_day_amid_a_change_puts_nothing_off_and_a_small_shift_is_none(public):
    unit = {"kind": "unit", "column": "a", "day": 4}
    monday = {"first": "2026-03-02", "days": 5, "happenings": [{"kind": "shift", "day": 1, "size": -1.5}]}
    small = {**monday, "happenings": [{"kind": "shift", "day": 1, "size": -0.3}, unit]}
    amid = {**monday, "happenings": [*monday["happenings"], {**unit, "day": 3}]}

    assert [public.truth(amid, day)[0] for day in range(5)] == ["quiet", *["settling"] * 3, "drift"]
    assert [public.truth(small, day)[0] for day in range(5)] == ["quiet"] * 4 + ["broken"]


@pytest.fixture(scope="module")
def drawn_days(public: ModuleType, draw: ModuleType) -> list[tuple[str, int, bool]]:
    """Kind, live day, and whether it is the stream's last, of all days of some exams."""
    streams = [stream for seed in range(6) for stream in draw.draw(seed, 36)["streams"]]
    return [
        (public.truth(stream, day)[0], day, day == stream["days"] - 1)
        for stream in streams
        for day in range(stream["days"])
    ]


def ratio(days: list[tuple[str, int, bool]], kinds: tuple[str, ...], bad: Callable[[int, bool], bool]) -> float:
    found = [bad(day, last) for kind, day, last in days if kind in kinds]
    return sum(found) / len(found)


@pytest.mark.parametrize("change", ["drift", "concept"])
@pytest.mark.parametrize("start", range(15))
def test_a_streams_age_does_not_tell_that_it_has_changed(drawn_days, change, start):
    """Whoever calls it changed from some day on, whatever came, misses one of two promises by a factor of two."""
    false_alarms = ratio(drawn_days, OK, lambda day, _: day >= start)
    missed = ratio(drawn_days, (change,), lambda day, _: day < start)

    assert max(false_alarms / 0.05, missed / 0.15) > 2


@pytest.mark.parametrize("change", ["drift", "concept"])
def test_a_streams_end_is_not_where_it_is_judged(drawn_days, change):
    assert ratio(drawn_days, (change,), lambda _, last: not last) > 2 * 0.15


def test_what_a_broken_day_is_like_comes_again_and_outcomes_that_tell_are_broken_too(draw):
    again = outcomes = concepts = 0
    for stream in draw.draw(5, 36)["streams"]:
        faults = [
            each for each in stream["happenings"] if each["kind"] in ("unit", "constant", "empty", "gone", "recoded")
        ]
        kinds = [(each["kind"], each["column"], each.get("size")) for each in faults]
        again += len(kinds) - len(set(kinds))
        days = sorted(each["day"] for each in faults)
        assert all(b - a > 1 for a, b in zip(days, days[1:], strict=False))
        for change in stream["happenings"]:
            if change["kind"] in ("raised", "scrambled"):
                told = {day - change["day"] for day in days}
                assert 0 not in told and 6 not in told
                concepts, outcomes = concepts + 1, outcomes + bool(told & {1, 2, 3})

    assert again > 40
    assert outcomes > 0.25 * concepts


def test_requests_are_pure_and_do_not_tell_the_answer(load):
    traffic, again = load.Traffic(HIDDEN, 1), load.Traffic(HIDDEN, 2)
    requests = [traffic.request(n) for n in range(200)]

    assert requests[::-1] == [again.request(n) for n in range(199, -1, -1)]
    assert [request.headers for request in requests[:40]] == [{"x-lane": str(n % 36)} for n in range(40)]
    for request in requests:
        assert set(request.json) == {"stream", "domain", "date", "calendar", "batch", "reference"}
        assert request.segment == request.json["domain"]


@pytest.mark.parametrize(
    ("kind", "verdict"), [("quiet", "ok"), ("unusual", "ok"), ("drift", "drift"), ("concept", "concept")]
)
def test_a_verdict_is_right_or_named(load, kind, verdict):
    traffic = load.Traffic(HIDDEN, 1)
    request = next(r for r in map(traffic.request, range(BATCHES)) if r.name == kind)

    said = {
        word: traffic.check(request, 200, {}, json.dumps({"verdict": word, "column": None}).encode())
        for word in ("ok", "drift", "concept", "broken", "meh")
    }

    assert said.pop(verdict) == "right"
    assert said.pop("meh") == "wrong"
    assert said == {word: word for word in said}
    assert traffic.check(request, 500, {}, b"") == "none"
    named = json.dumps({"verdict": verdict, "column": "a"}).encode()
    assert traffic.check(request, 200, {}, named) == ("right" if verdict == "drift" else "wrong")


def test_broken_needs_the_column(load):
    traffic = load.Traffic(HIDDEN, 1)
    request = next(r for r in map(traffic.request, range(BATCHES)) if r.name == "broken")
    column = traffic._truth[request.json["batch"]][1]

    def said(name):
        return traffic.check(request, 200, {}, json.dumps({"verdict": "broken", "column": name}).encode())

    assert (said(column), said("another"), said(None)) == ("right", "other-column", "other-column")


def test_tables_are_had_by_ticket_only(running, public):
    notice = public.Traffic({}, 1).request(0).json

    batch = running.client.get(running.warehouse + notice["batch"]).json()
    reference = running.client.get(running.warehouse + notice["reference"]).json()

    assert batch["date"] == notice["date"] and batch["calendar"] == notice["calendar"]
    assert batch["outcomes"] is None
    assert set(batch["columns"]) == set(reference["kinds"])
    assert all(len(column) == batch["rows"] for column in [*batch["columns"].values(), batch["score"]])
    assert reference["days"][-1]["date"] < batch["date"]
    for path in ("/batches/0", "/references/" + notice["batch"][9:], "/batches/" + notice["reference"][12:], "/"):
        assert running.client.get(running.warehouse + path).status_code == 404


def test_the_length_of_a_history_does_not_tell_how_long_its_stream_will_live(running, public):
    traffic = public.Traffic({}, 1)
    streams = {notice["stream"]: notice for notice in (traffic.request(n).json for n in range(395, -1, -1))}
    histories = [
        (running.client.get(running.warehouse + notice["reference"]).json()["days"], date.fromisoformat(notice["date"]))
        for notice in streams.values()
    ]

    assert len(histories) == 36
    for days, first in histories:
        assert [day["date"] for day in days] == [(first - timedelta(days=n)).isoformat() for n in range(46, 0, -1)]


def test_outcomes_are_those_of_three_days_before(running, public):
    traffic = public.Traffic({}, 1)
    days = [running.client.get(running.warehouse + traffic.request(12 * day).json["batch"]).json() for day in range(6)]

    assert [day["outcomes"] and day["outcomes"]["date"] for day in days] == [None] * 3 + [
        day["date"] for day in days[:3]
    ]
    assert days[4]["outcomes"]["score"] == days[1]["score"]


def test_only_the_token_changes_the_plan(running):
    sound = {"authorization": f"Bearer {TOKEN}"}
    before = running.client.get(f"{running.control}/ledger", headers=sound).json()["plan"]

    assert running.client.post(f"{running.control}/plan", json={}).status_code == 401
    refused = running.client.post(f"{running.control}/plan", json={"seed": 1, "streams": [{"id": "x"}]}, headers=sound)
    assert refused.status_code == 422 and "stream 'x'" in refused.json()["error"]
    assert running.client.post(f"{running.control}/plan", content=b"[]", headers=sound).status_code == 422
    assert running.client.get(f"{running.control}/ledger", headers=sound).json()["plan"] == before


def test_the_monitor_as_shipped_speaks_as_the_brief_says(running, public):
    notice = public.Traffic({}, 1).request(0).json

    got = running.client.post(f"{running.monitor}/batches", json=notice)

    assert got.status_code == 200
    assert set(got.json()) == {"verdict", "column"}
    assert running.client.get(f"{running.monitor}/streams").json()[notice["stream"]][0] == notice["date"]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\xfe", b"NaN", b'{"stream": "a"}'])
def test_the_monitor_as_shipped_refuses_what_is_no_notice(running, content):
    assert running.client.post(f"{running.monitor}/batches", content=content).status_code == 422
