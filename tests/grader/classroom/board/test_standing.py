"""Snapshot and history, put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from grader.classroom.board.alarms import INVALID_IN_A_ROW, STANDS_S, UNSEEN_S, alarms
from grader.classroom.board.demo import stamp
from grader.classroom.board.history import History, tell
from grader.classroom.board.standing import AtLab, Where, standings
from grader.classroom.cluster.model import Snapshot, State, Submission


def ada(snapshot: Snapshot, history: History, now: float, watched: bool = False) -> AtLab:
    history.add(tell(snapshot, now, watched))
    return standings(snapshot, history, {}, now)[0].labs[0]


def started(snapshot: Snapshot, began: float, **more: object) -> Snapshot:
    values: dict[str, object] = {"started": stamp(began + 60), "seen": stamp(began + 100), **more}
    return replace(snapshot, desks=(replace(snapshot.desks[0], **values), *snapshot.desks[1:]))  # type: ignore[arg-type]


def test_where_somebody_is(empty: Snapshot, history: History, began: float, handed: Callable[..., Submission]) -> None:
    def where(snapshot: Snapshot) -> Where:
        return ada(snapshot, history, began + 400).where

    assert where(empty) is Where.NEW
    at_work = started(empty, began)
    assert where(at_work) is Where.WORKING
    failed = handed(1, began + 100, "fail", ("fast",))
    assert where(replace(at_work, submissions=(failed,))) is Where.WORKING
    assert where(replace(at_work, submissions=(failed, handed(2, began + 200)))) is Where.QUEUED
    running = handed(2, began + 200, state=State.RUNNING, started=stamp(began + 210))
    assert where(replace(at_work, submissions=(failed, running))) is Where.EXAM
    passed = handed(3, began + 200, "pass")
    assert where(replace(at_work, submissions=(failed, passed))) is Where.PASSED
    assert where(replace(at_work, submissions=(passed, handed(4, began + 300)))) is Where.QUEUED


def test_an_invalid_exam_takes_away_no_objective(
    empty: Snapshot, history: History, began: float, handed: Callable[..., Submission]
) -> None:
    every = (handed(1, began + 100, "fail", ("fast",)), handed(2, began + 200, "invalid"))

    one = ada(replace(started(empty, began), submissions=every), history, began + 400)

    assert (one.met, one.judged and one.judged.name) == (2, "canary-1")


def test_saves_since_the_last_submission_are_the_historys(
    empty: Snapshot, history: History, began: float, handed: Callable[..., Submission]
) -> None:
    now = began + 1000
    ada(started(empty, began, saves=30, saved=stamp(now)), history, now, watched=True)
    asked = replace(
        started(empty, began, saves=55, saved=stamp(now + 2000)),
        submissions=(handed(1, now + 100, "fail", ("fast",)),),
    )

    one = ada(asked, history, now + 2000, watched=True)

    assert [reason.text for reason in one.reasons] == ["25 saves and no submission"]


def test_a_board_that_came_late_counts_no_saves_it_cannot_place(
    empty: Snapshot, history: History, began: float, handed: Callable[..., Submission]
) -> None:
    late = replace(
        started(empty, began, saves=55, saved=stamp(began + 3000), seen=stamp(began + 3000)),
        submissions=(handed(1, began + 300, "fail", ("fast",)),),
    )

    assert ada(late, history, began + 3000).reasons == ()


def test_nobody_gets_more_stuck_after_the_end(empty: Snapshot, history: History, began: float) -> None:
    done = started(empty, began, saves=1, saved=stamp(began + 7000), seen=stamp(began + 7100))

    assert ada(done, history, began + 7200 + 90_000).reasons == ()


def test_the_lab_they_are_at_is_the_one_last_touched(empty: Snapshot, history: History, began: float) -> None:
    other = replace(empty.desks[0], lab="drift", started=stamp(began + 900))
    both = replace(started(empty, began), labs=("canary", "drift"))
    both = replace(both, desks=(*both.desks, other))
    history.add(tell(both, began + 1000, watched=False))

    one, two = standings(both, history, {}, began + 1000)

    assert (one.current, two.current) == ("drift", "canary")


def test_a_workshop_that_is_well_has_no_alarm(empty: Snapshot, began: float, handed: Callable[..., Submission]) -> None:
    every = (handed(1, began, "fail", ("fast",)), handed(2, began + 500, position=1))

    assert alarms(replace(empty, submissions=every), began + 510) == ()


def test_an_examiner_that_is_away(empty: Snapshot, began: float, handed: Callable[..., Submission]) -> None:
    waiting = replace(empty, submissions=(handed(1, began),))

    assert alarms(waiting, began + UNSEEN_S - 1) == ()
    (alarm,) = alarms(waiting, began + UNSEEN_S)
    assert alarm.text == "1 submission has not been looked at by the examiner" and alarm.since == began


def test_a_queue_that_stands(empty: Snapshot, began: float, handed: Callable[..., Submission]) -> None:
    waiting = replace(empty, submissions=(handed(1, began, "fail"), handed(2, began + 10, position=1)))

    assert alarms(waiting, began + 60 + STANDS_S - 1) == ()
    (alarm,) = alarms(waiting, began + 60 + STANDS_S)
    assert alarm.text == "No exam has begun although 1 wait"


def test_exams_that_prove_nothing(empty: Snapshot, began: float, handed: Callable[..., Submission]) -> None:
    every = tuple(handed(n, began + n, "invalid", reasons=("machine-busy",)) for n in range(INVALID_IN_A_ROW))

    (alarm,) = alarms(replace(empty, submissions=every), began + 500)
    assert "machine-busy" in alarm.remedy
    assert alarms(replace(empty, submissions=every[1:]), began + 500) == ()
