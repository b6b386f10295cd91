"""How a submission's progress is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.classroom.cluster.model import State, Submission
from grader.cli.submitting import News, ordinal, standing

ONE = Submission("ws-friday--ana", "desk-x7k2p", "u", "desk", "2026-01-31T09:30:00Z", "")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (112, "112th"),
    ],
)
def test_places_are_said_as_people_do(number: int, said: str) -> None:
    assert ordinal(number) == said


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (ONE, "desk-x7k2p: queued"),
        (replace(ONE, position=3), "desk-x7k2p: queued 3rd"),
        (replace(ONE, state=State.RUNNING, tries=1), "desk-x7k2p: running"),
        (replace(ONE, state=State.RUNNING, tries=2), "desk-x7k2p: running, the 2nd time"),
        (replace(ONE, state=State.DONE, tries=2), "desk-x7k2p: done"),
    ],
)
def test_how_it_stands(one: Submission, said: str) -> None:
    assert standing(one) == said


class Heard:
    """News as they are shown, `new` ones apart."""

    def __init__(self) -> None:
        self.now = 0.0
        self.new: list[str] = []
        self.all: list[str] = []
        self.news = News(self._show, lambda: self.now)

    def _show(self, line: str, changed: bool) -> None:
        self.all.append(line)
        if changed:
            self.new.append(line)


def test_only_what_changed_is_new() -> None:
    heard = Heard()
    for one in (ONE, replace(ONE, position=2), replace(ONE, position=2), replace(ONE, position=1)):
        heard.news.heard(one, "")
    assert heard.new == ["desk-x7k2p: queued", "desk-x7k2p: queued 2nd", "desk-x7k2p: queued 1st"]
    assert len(heard.all) == 4


def test_seconds_of_running_are_not_news() -> None:
    heard = Heard()
    for _ in range(2):
        heard.news.heard(replace(ONE, state=State.RUNNING, started="2020-01-31T09:30:00Z"), "")
    assert len(heard.new) == 1 and heard.new[0].startswith("desk-x7k2p: running ") and heard.new[0].endswith(" s")


def test_a_queue_that_nobody_looks_at_is_said_once() -> None:
    heard = Heard()
    for heard.now in (0.0, 59.0, 61.0, 62.0):
        heard.news.heard(ONE, "")
    assert len(heard.new) == 2 and "tell your teacher" in heard.new[-1]


def test_trouble_on_the_way_is_said_once() -> None:
    heard = Heard()
    for trouble in ("away", "away", "", "away"):
        heard.news.heard(ONE, trouble)
    assert [line for line in heard.new if "waiting until it is back" in line] == ["away; waiting until it is back"] * 2
