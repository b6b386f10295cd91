"""What is wrong with the workshop itself, as far as its objects tell. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from grader.classroom.board.times import moment
from grader.classroom.cluster.model import Snapshot, State, Submission
from grader.classroom.cluster.names import EXAMINER, teacher_namespace

UNSEEN_S = 30.0
"""The examiner looks at everything once a second; so long it is away."""

STANDS_S = 180.0
"""No exam begins and none ends although some wait: exams last a minute, and a busy cluster makes them wait a little."""

INVALID_IN_A_ROW = 3


@dataclass(frozen=True)
class Alarm:
    """A sentence for the teacher: what was seen, since when (seconds since the epoch, or None), and what to do."""

    text: str
    remedy: str
    since: float | None = None


def alarms(snapshot: Snapshot, now: float) -> tuple[Alarm, ...]:
    """All that is wrong at that time (seconds since the epoch); usually nothing."""
    found = (_examiner_away(snapshot, now), _queue_stands(snapshot, now), _proves_nothing(snapshot))
    return tuple(one for one in found if one)


def _look(snapshot: Snapshot) -> str:
    return f"See `kubectl -n {teacher_namespace(snapshot.workshop)} get pods` and the log of the {EXAMINER}."


def _examiner_away(snapshot: Snapshot, now: float) -> Alarm | None:
    unseen = [one for one in _in(snapshot, State.QUEUED) if not one.position]
    since = min((moment(one.created) or now for one in unseen), default=now)
    if now - since < UNSEEN_S:
        return None
    return Alarm(f"{_submissions(len(unseen))} not been looked at by the examiner", _look(snapshot), since)


def _queue_stands(snapshot: Snapshot, now: float) -> Alarm | None:
    waiting = [one for one in _in(snapshot, State.QUEUED) if one.position]
    if not waiting or _in(snapshot, State.RUNNING):
        return None
    ends = [moment(one.finished) or 0.0 for one in snapshot.submissions]
    since = max(*ends, min(moment(one.created) or now for one in waiting))
    if now - since < STANDS_S:
        return None
    return Alarm(
        f"No exam has begun although {len(waiting)} wait", f"The cluster may be full. {_look(snapshot)}", since
    )


def _proves_nothing(snapshot: Snapshot) -> Alarm | None:
    done = sorted(_in(snapshot, State.DONE), key=lambda one: one.finished)[-INVALID_IN_A_ROW:]
    if len(done) < INVALID_IN_A_ROW or any(one.verdict != "invalid" for one in done):
        return None
    return Alarm(
        f"The last {INVALID_IN_A_ROW} exams proved nothing",
        f"The cluster is too busy, or broken: {' '.join(done[-1].reasons[:1]) or 'no reason was given'}",
    )


def _submissions(count: int) -> str:
    return "1 submission has" if count == 1 else f"{count} submissions have"


def _in(snapshot: Snapshot, state: State) -> list[Submission]:
    return [one for one in snapshot.submissions if one.state is state]
