"""What the pages are told, and what the one for everybody is never told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from grader.classroom.board import shown
from grader.classroom.board.alarms import alarms
from grader.classroom.board.demo import LAB, TITLES, WORKSHOP, Crowd, stamp
from grader.classroom.board.history import History, tell
from grader.classroom.board.standing import Standing, standings
from grader.classroom.cluster.model import Objective, Participant, Snapshot, Submission

HOSTILE = "<img src=x onerror=alert(1)>\u202e\x1b[31m\x00" + "A" * 500


def everybody(snapshot: Snapshot, history: History, now: float) -> tuple[Standing, ...]:
    history.add(tell(snapshot, now, watched=False))
    return standings(snapshot, history, {}, now)


def test_projection_is_told_nicknames_and_counts_alone(history: History, began: float) -> None:
    now = began + 3000
    snapshot = Crowd(30, began).at(now)
    told = json.dumps(shown.for_everybody(snapshot, everybody(snapshot, history, now), "secret", now))

    for person in snapshot.participants:
        assert json.dumps(person.nickname) in told
        for private in (person.id, person.namespace, person.name, *person.name.split()):
            assert f'"{private}' not in told and f"{private}-" not in told
    assert not any(text in told for text in (WORKSHOP, LAB, "ws-", *TITLES, "fail", "stuck", "hint"))
    seat = json.loads(told)["seat/1"]
    assert set(seat) == {"nick", "where", "position", "met", "of", "passes"}


@pytest.mark.parametrize("verdict", ["pass", "fail"])
def test_the_teacher_is_told_that_a_verdict_is_close(
    empty: Snapshot, history: History, handed: Callable[..., Submission], began: float, verdict: str
) -> None:
    objectives = (Objective("fast", "Fast", verdict, close=True), Objective("right", "Right", "pass"))
    one = handed(1, began + 60, verdict, close=True, objectives=objectives)
    snapshot = replace(empty, submissions=(one,))

    told = shown.for_teacher(snapshot, everybody(snapshot, history, began + 600), (), began + 600)

    lab = told["person/ada"]["labs"]["canary"]
    assert lab["verdict"] == lab["submissions"][0]["verdict"] == f"close {verdict}"
    assert lab["objectives"] == [["Fast", f"close {verdict}"], ["Right", "pass"]]
    assert lab["passed"] is (verdict == "pass") and lab["met"] == (2 if verdict == "pass" else 1)
    assert [word for _, kind, word in lab["events"] if kind == "verdict"] == [f"close {verdict}"]


@pytest.mark.parametrize("nickname", ["ada", "ADA", "Ada Full", " ada full ", "", "  "])
def test_a_nickname_that_tells_who_it_is_is_not_shown(
    empty: Snapshot, history: History, began: float, nickname: str
) -> None:
    person = replace(empty.participants[0], nickname=nickname)
    alone = replace(empty, participants=(person,), desks=empty.desks[:1])

    parts = shown.for_everybody(alone, everybody(alone, history, began), "secret", began)

    assert parts["seat/1"]["nick"] == "Seat 1"


def test_seats_are_mixed_and_stay(empty: Snapshot, history: History, began: float) -> None:
    people = tuple(Participant(f"p{n:02}", f"ws-t--p{n:02}", f"P {n}", f"nick {n:02}") for n in range(40))
    many = replace(empty, participants=people, desks=())

    def order(secret: str) -> list[str]:
        parts = shown.for_everybody(many, everybody(many, history, began), secret, began)
        return [parts[f"seat/{n}"]["nick"] for n in range(1, 41)]

    assert order("one") == order("one")
    assert order("one") != order("two") != sorted(order("two"))


def test_the_best_verdict_is_what_everybody_sees(
    empty: Snapshot, history: History, began: float, handed: Callable[..., Submission]
) -> None:
    every = (handed(1, began, "fail", ("fast",)), handed(2, began + 100, "fail", ("fast", "right", "fair")))
    now = replace(empty, submissions=every)

    parts = shown.for_everybody(now, everybody(now, history, began + 300), "secret", began + 300)

    seat = next(part for part in parts.values() if part.get("nick") == "brisk otter")
    assert (seat["met"], seat["of"], seat["where"]) == (2, 3, "working")


def test_what_others_write_is_short_and_visible(
    empty: Snapshot, history: History, began: float, handed: Callable[..., Submission]
) -> None:
    desk = replace(empty.desks[0], started=HOSTILE, saves=2**63, changed=(HOSTILE,) * 200, seen=stamp(began))
    bad = handed(1, began, "fail", ("fast",), reasons=(HOSTILE,) * 50)
    bad = replace(bad, objectives=(replace(bad.objectives[0], title=HOSTILE, verdict=HOSTILE),) * 50)
    person = replace(empty.participants[0], name=HOSTILE, nickname=HOSTILE)
    now = replace(empty, participants=(person, empty.participants[1]), desks=(desk,), submissions=(bad,) * 100)
    standing = everybody(now, history, began + 300)

    told = json.dumps(shown.for_teacher(now, standing, alarms(now, began + 300), began + 300), ensure_ascii=False)

    assert len(told) < 100_000
    assert not any(character in told for character in "\u202e\x1b\x00")
    assert "A" * 401 not in told


def test_an_afternoon_at_200_is_small(history: History, began: float) -> None:
    crowd = Crowd(200, began)
    for at in range(60, 7200, 60):
        history.add(tell(crowd.at(began + at), began + at, watched=True))
    now = began + 7200
    snapshot = crowd.at(now)

    told = shown.for_teacher(snapshot, everybody(snapshot, history, now), (), now)

    assert max(len(json.dumps(part)) for part in told.values()) < 12_000
    assert len(json.dumps(told)) < 1_200_000
