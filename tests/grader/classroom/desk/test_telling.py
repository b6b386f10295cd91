"""The desk learns how somebody gets on, seldom enough for a cluster with many, and again after trouble."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from grader.classroom.cluster import model
from grader.classroom.cluster.model import Desk
from grader.classroom.desk.telling import LONGEST, MOST_CHANGED, REFUSED_S, RETRY_S, SAVE_S, SEEN_S, Teller
from grader.errors import BadInput
from infra.errors import PlatformBroken


class FakeDesk:
    """A desk that keeps what is written, and is away while it is told to be."""

    def __init__(self, **kept: Any) -> None:
        self.kept = Desk("ws-friday--ana", "desk", **kept)
        self.written: list[Mapping[str, Any]] = []
        self.away: Exception | None = None
        self.changed = ["desk/routing.py"]
        self.troubles: list[str] = []
        self.again = 0
        self.teller = Teller(self.read, self.write, lambda: self.changed, self.troubles.append, self._again)

    def read(self) -> Desk:
        return self.kept

    def write(self, spec: Mapping[str, Any]) -> None:
        if self.away:
            raise self.away
        self.written.append(spec)

    def _again(self) -> None:
        self.again += 1


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    times = (f"2026-01-31T12:00:{second:02}Z" for second in range(60))
    monkeypatch.setattr(model, "now", lambda: next(times))


def test_the_first_word_is_that_it_was_started() -> None:
    desk = FakeDesk()
    desk.teller.turn(0.0)
    [spec] = desk.written
    assert spec == {
        "seen": "2026-01-31T12:00:00Z",
        "started": "2026-01-31T12:00:00Z",
        "saves": 0,
        "changed": ["desk/routing.py"],
    }


def test_when_it_was_started_is_told_once_and_for_all() -> None:
    desk = FakeDesk(started="2026-01-31T11:00:00Z")
    other = FakeDesk()
    for one in (desk, other):
        one.teller.turn(0.0)
        one.teller.turn(100.0)
    assert {spec["started"] for spec in desk.written} == {"2026-01-31T11:00:00Z"}
    assert len(other.written) == 2 and len({spec["started"] for spec in other.written}) == 1


def test_saves_add_to_those_before_and_are_told_together() -> None:
    desk = FakeDesk(saves=7)
    desk.teller.turn(0.0)
    for _ in range(3):
        desk.teller.saved()
        desk.teller.turn(SAVE_S - 0.1)
    assert len(desk.written) == 1
    desk.teller.turn(SAVE_S)
    assert desk.written[-1]["saves"] == 10
    assert desk.written[-1]["saved"] == "2026-01-31T12:00:03Z"


def test_being_there_is_told_seldom() -> None:
    desk = FakeDesk()
    for tenth in range(int(SEEN_S * 10) * 2 + 1):
        desk.teller.turn(tenth / 10)
    assert len(desk.written) == 3


def test_hints_are_left_as_they_were() -> None:
    desk = FakeDesk(hints_wanted=2)
    desk.teller.turn(0.0)
    assert "hintsWanted" not in desk.written[0]


def test_earlier_saves_perhaps_elsewhere_are_brought_again() -> None:
    new, old = FakeDesk(), FakeDesk(saves=1)
    for one in (new, old):
        one.teller.turn(0.0)
        one.teller.turn(SEEN_S)
    assert (new.again, old.again) == (0, 1)


def test_trouble_is_said_once_and_tried_again() -> None:
    desk = FakeDesk()
    desk.away = PlatformBroken("the API server is away")
    desk.teller.turn(0.0)
    desk.teller.saved()
    desk.teller.turn(RETRY_S)
    desk.away = None
    desk.teller.turn(2 * RETRY_S - 0.1)
    assert desk.written == [] and desk.troubles == ["the API server is away"]
    desk.teller.turn(2 * RETRY_S)
    assert desk.written[-1]["saves"] == 1 and desk.troubles == ["the API server is away", ""]


def test_a_token_that_is_refused_is_tried_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = FakeDesk()
    refused = PlatformBroken("refused")
    refused.__cause__ = type("Refused", (Exception,), {"status": 401})()
    desk.away = refused
    monkeypatch.setattr("grader.classroom.desk.joined.kit", lambda: None)
    desk.teller.turn(0.0)
    desk.away = None
    desk.teller.turn(REFUSED_S - 0.1)
    assert "ask your teacher for a new one" in desk.troubles[0] and desk.written == []
    desk.teller.turn(REFUSED_S)
    assert len(desk.written) == 1


def test_a_workspace_that_cannot_be_read_is_trouble_and_no_end() -> None:
    desk = FakeDesk()

    def unreadable() -> list[str]:
        raise BadInput("work/desk cannot be read")

    teller = Teller(desk.read, desk.write, unreadable, desk.troubles.append, lambda: None)
    teller.turn(0.0)
    assert desk.troubles == ["work/desk cannot be read"]


def test_what_a_desk_cannot_hold_is_cut() -> None:
    desk = FakeDesk()
    desk.changed = ["x" * 300] * 300
    desk.teller.turn(0.0)
    told = desk.written[0]["changed"]
    assert len(told) == MOST_CHANGED and len(told[0]) == LONGEST


def test_what_was_saved_last_is_told_at_the_end() -> None:
    desk = FakeDesk()
    desk.teller.start()
    desk.teller.saved()
    desk.teller.end()
    assert desk.written[-1]["saves"] == 1
