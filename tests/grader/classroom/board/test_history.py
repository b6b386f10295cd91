"""What happened is kept once, over restarts, at the time at which it happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.classroom.board.demo import Crowd, stamp
from grader.classroom.board.history import MOST, History, Kind, tell
from grader.classroom.cluster.model import Snapshot, Submission
from grader.errors import BadInput


def with_desk(snapshot: Snapshot, **changes: object) -> Snapshot:
    return replace(snapshot, desks=(replace(snapshot.desks[0], **changes), *snapshot.desks[1:]))  # type: ignore[arg-type]


def kinds(history: History) -> list[tuple[str, str]]:
    return [(str(event.kind), event.key) for event in history.of("ada", "canary")]


def test_events_are_kept_in_order_and_once(
    history: History, empty: Snapshot, began: float, handed: Callable[..., Submission]
) -> None:
    desk = {"started": stamp(began + 60), "saved": stamp(began + 200), "saves": 3, "hints_wanted": 1}
    now = with_desk(empty, **desk)
    now = replace(now, submissions=(handed(1, began + 210, "fail", ("fast",)),))

    for _ in range(3):
        history.add(tell(now, began + 300, watched=False))

    assert kinds(history)[:3] == [("start", ""), ("save", "3"), ("submit", "canary-1")]
    assert [event.word for event in history.of("ada", "canary") if event.kind is Kind.VERDICT] == ["fail"]
    assert history.of("bo", "canary") == ()


def test_a_restart_goes_on(tmp_path: Path, empty: Snapshot, began: float) -> None:
    path = tmp_path / "w" / "board.sqlite"
    first = History(path)
    first.add(tell(with_desk(empty, saves=1, saved=stamp(began + 100)), began + 101, watched=True))
    first.close()

    second = History(path)
    second.add(tell(with_desk(empty, saves=2, saved=stamp(began + 300)), began + 301, watched=False))

    assert [(event.key, event.at) for event in second.of("ada", "canary")] == [("1", began + 100), ("2", began + 300)]
    assert path.stat().st_mode & 0o077 == 0
    second.close()


@pytest.mark.parametrize(
    ("claim", "watched", "counts"),
    [
        (-20, True, -20),
        (-3600, True, 0),
        (-3600, False, -3600),
        (+3600, True, 0),
        (+3600, False, 0),
    ],
    ids=["a little late", "a clock that is slow", "before we looked", "a clock that is fast", "from the future"],
)
def test_a_wrong_clock_moves_nothing(
    history: History, empty: Snapshot, began: float, claim: float, watched: bool, counts: float
) -> None:
    now = began + 5000
    history.add(tell(with_desk(empty, saves=1, saved=stamp(now + claim)), now, watched))

    assert history.of("ada", "canary")[0].at == now + counts


@pytest.mark.parametrize("text", ["", "yesterday", "9999999", "0001-01-01T00:00:00Z", "2026-13-45T99:99:99Z"])
def test_a_time_that_is_none(history: History, empty: Snapshot, began: float, text: str) -> None:
    history.add(tell(with_desk(empty, saves=2**80, saved=text, started=text or "x"), began + 10, watched=True))

    assert all(event.at == began + 10 for event in history.of("ada", "canary"))


def test_saving_in_a_loop_fills_nothing(history: History, empty: Snapshot, began: float) -> None:
    for n in range(1, MOST + 50):
        history.add(tell(with_desk(empty, saves=n, saved=stamp(began + n)), began + n, watched=True))

    assert len(history.of("ada", "canary")) == MOST


def test_a_lab_that_is_not_the_workshops_is_passed_over(
    history: History, empty: Snapshot, began: float, handed: Callable[..., Submission]
) -> None:
    foreign = replace(handed(1, began), lab="<script>")

    history.add(tell(replace(empty, submissions=(foreign,)), began + 5, watched=True))

    assert history.of("ada", "<script>") == ()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "board.sqlite"
    path.write_bytes(b"no database" * 100)

    with pytest.raises(BadInput, match=r"board\.sqlite cannot be used .* move it away"):
        History(path)


def test_what_could_not_be_written_is_remembered_and_written_later(
    tmp_path: Path, empty: Snapshot, began: float
) -> None:
    import sqlite3

    path = tmp_path / "board.sqlite"
    history = History(path)
    other = sqlite3.connect(path, isolation_level=None)
    history._base.execute("pragma busy_timeout = 10")
    other.execute("begin exclusive")
    with pytest.raises(BadInput, match="cannot be written"):
        history.add(tell(with_desk(empty, saves=1), began + 1, watched=True))
    assert kinds(history) == [("save", "1")]
    other.execute("rollback")
    other.close()

    history.add(())
    history.close()

    again = History(path)
    assert kinds(again) == [("save", "1")]
    again.close()


def test_an_afternoon_is_seen_whole(history: History, began: float) -> None:
    crowd = Crowd(30, began)
    crowd.watch(history, began + 3600)

    snapshot = crowd.at(began + 3600)
    saves = {one.id: [e for e in history.of(one.id, "canary") if e.kind is Kind.SAVE] for one in snapshot.participants}
    for person, desk in zip(snapshot.participants, snapshot.desks, strict=True):
        assert max((int(event.key) for event in saves[person.id]), default=0) == desk.saves
