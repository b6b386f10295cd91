"""Hints and verdicts through the cluster, with a cluster that answers as it should, and one that does not."""

from __future__ import annotations

import base64
import gzip
import threading
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.cluster.model import MOST_HINTS, State, Submission
from grader.classroom.desk import asking
from grader.classroom.desk.joined import KitRefused
from grader.classroom.desk.kit import Kit
from grader.errors import BadInput
from infra.errors import PlatformBroken
from tests.grader.classroom.fake import MAPS, FakeCluster


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "POLL_S", 0.02)
    monkeypatch.setattr(asking, "RESULT_S", 0.1)


def test_a_hint_is_asked_for_and_awaited(mine: Kit, fake: FakeCluster) -> None:
    def examine() -> None:
        while not fake.desk("desk")["spec"].get("hintsWanted"):
            pass
        fake.desk("desk")["status"]["hints"] = ["first"]

    examiner = threading.Thread(target=examine)
    examiner.start()
    given = asking.next_hint(mine, "desk", seen=0, wait_s=20)
    examiner.join()
    assert (given.number, given.text) == (1, "first")
    assert fake.desk("desk")["spec"]["hintsWanted"] == 1


def test_one_that_came_meanwhile_is_shown_and_none_is_asked_for(mine: Kit, fake: FakeCluster) -> None:
    fake.add_desk("desk", hints=("first", "second"), hintsWanted=2)
    assert asking.next_hint(mine, "desk", seen=1).text == "second"
    assert fake.desk("desk")["spec"]["hintsWanted"] == 2
    assert asking.hints(mine, "desk") == ("first", "second")


def test_nobody_who_answers_is_said_so_and_asking_again_asks_for_the_same(mine: Kit, fake: FakeCluster) -> None:
    for _ in range(2):
        with pytest.raises(PlatformBroken, match=r"no hint for desk came within 0\.1 s: .* ask your teacher"):
            asking.next_hint(mine, "desk", seen=0, wait_s=0.1)
    assert fake.desk("desk")["spec"]["hintsWanted"] == 1


def test_more_hints_than_a_desk_holds_are_not_asked_for(mine: Kit) -> None:
    with pytest.raises(BadInput, match="you took all 20 hints"):
        asking.next_hint(mine, "desk", seen=MOST_HINTS)


def test_the_same_files_wait_only_once(mine: Kit, fake: FakeCluster) -> None:
    one, new = asking.submit(mine, "desk", "abc")
    same, again = asking.submit(mine, "desk", "abc")
    _, other = asking.submit(mine, "desk", "abcd")
    assert (new, again, other) == (True, False, True) and same.name == one.name

    fake.settle(one.name, state="done", verdict="fail")
    later, anew = asking.submit(mine, "desk", "abc")
    assert anew and later.name != one.name
    assert [each.archive for each in asking.mine(mine, "desk")] == ["abc", "abcd", "abc"]


def test_more_submissions_than_the_teacher_allows_are_refused_in_a_sentence(mine: Kit, fake: FakeCluster) -> None:
    fake.refuse = (403, 'submissions.lab.brownout "desk-" is forbidden: exceeded quota: quota, limited: 3')
    with pytest.raises(KitRefused, match="takes no more of you: your teacher"):
        asking.submit(mine, "desk", "abc")


def test_news_come_until_it_is_done(mine: Kit, fake: FakeCluster) -> None:
    one, _ = asking.submit(mine, "desk", "abc")
    states: list[dict[str, Any]] = [{"state": "running"}, {"state": "done", "verdict": "pass"}]
    fake.settle(one.name, state="queued", position=2)
    heard: list[tuple[State, int]] = []

    def on_news(now: Submission, trouble: str) -> None:
        heard.append((now.state, now.position))
        fake.settle(one.name, **states.pop(0)) if states else None

    done = asking.await_verdict(mine, one, on_news)
    assert heard == [(State.QUEUED, 2), (State.RUNNING, 0), (State.DONE, 0)]
    assert done.verdict == "pass"


def test_a_cluster_that_is_away_for_a_while_is_waited_for(
    mine: Kit, fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = asking.submit(mine, "desk", "abc")
    troubles = []
    away, answer = [True] * 3, fake.answer
    monkeypatch.setattr(fake, "answer", lambda *asked: (500, {}) if away and away.pop() else answer(*asked))
    fake.settle(one.name, state="done", verdict="pass")

    done = asking.await_verdict(mine, one, lambda _, trouble: troubles.append(trouble))

    assert done.verdict == "pass"
    assert [bool(trouble) for trouble in troubles] == [True, True, True, False]


def test_one_that_stays_away_is_not(mine: Kit, fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    one, _ = asking.submit(mine, "desk", "abc")
    monkeypatch.setattr(fake, "answer", lambda *_: (500, {"message": "away"}))
    monkeypatch.setattr(asking, "AWAY_S", 0.1)
    with pytest.raises(PlatformBroken, match="away"):
        asking.await_verdict(mine, one, lambda *_: None)


def test_a_token_that_ends_meanwhile_ends_the_waiting(
    mine: Kit, fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = asking.submit(mine, "desk", "abc")
    monkeypatch.setattr(fake, "answer", lambda *_: (401, {"message": "Unauthorized"}))
    with pytest.raises(KitRefused, match="no longer accepts your kit"):
        asking.await_verdict(mine, one, lambda *_: None)


def results(fake: FakeCluster, one: Submission, page: bytes, **data: str) -> None:
    packed = base64.b64encode(page).decode()
    fake.objects[f"{MAPS}/result-{one.name}"] = {"data": data, "binaryData": {"report.html.gz": packed}}


def test_what_there_is_of_a_result_is_brought(mine: Kit, fake: FakeCluster, tmp_path: Path) -> None:
    one, _ = asking.submit(mine, "desk", "abc")
    results(fake, one, gzip.compress(b"a page"), **{"result.json": "{}", "left-out.txt": "logs", "../out": "no"})
    assert asking.fetch(mine, one, tmp_path / "there")
    assert (tmp_path / "there/report.html").read_bytes() == b"a page"
    assert (tmp_path / "there/result.json").read_text() == "{}"
    names = {path.name for path in (tmp_path / "there").iterdir()}
    assert names == {"report.html", "result.json", "left-out.txt"}


def test_no_result_is_no_trouble(mine: Kit, tmp_path: Path) -> None:
    one, _ = asking.submit(mine, "desk", "abc")
    assert not asking.fetch(mine, one, tmp_path / "there")
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize(
    "page",
    [b"no gzip", gzip.compress(b"a page" * 100)[:-20], gzip.compress(b"0" * 2000)],
    ids=["no gzip", "cut short", "a bomb"],  # what gzip writes has the time in it
)
def test_a_page_that_is_damaged_or_a_bomb_is_refused(
    mine: Kit, fake: FakeCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: bytes
) -> None:
    monkeypatch.setattr(asking, "MOST_REPORT", 1000)
    one, _ = asking.submit(mine, "desk", "abc")
    results(fake, one, page)
    with pytest.raises(BadInput, match="came damaged"):
        asking.fetch(mine, one, tmp_path / "there")
