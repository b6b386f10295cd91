"""Where everybody is: a snapshot and the history of it, put together per person and lab. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from grader.classroom.board.history import Event, History, Kind
from grader.classroom.board.stuck import Facts, Reason, Tried, stuck
from grader.classroom.board.times import claimed, moment
from grader.classroom.cluster.model import Desk, Participant, Snapshot, State, Submission


class Where(StrEnum):
    """What somebody is doing at a lab. Who has passed and submits again is queued or examined again."""

    NEW = "new"
    WORKING = "working"
    QUEUED = "queued"
    EXAM = "exam"
    PASSED = "passed"


@dataclass(frozen=True)
class AtLab:
    """One person at one lab; times in seconds since the epoch, None for never.

    Attributes:
        submissions: oldest first.
        judged: the last submission with a verdict that says something, pass or fail.
        seen: the last sign of any kind.
        events: oldest first.
    """

    lab: str
    where: Where
    started: float | None
    saved: float | None
    seen: float | None
    saves: int
    changed: tuple[str, ...]
    hints_wanted: int
    hints_given: int
    submissions: tuple[Submission, ...]
    judged: Submission | None
    passed: bool
    reasons: tuple[Reason, ...]
    events: tuple[Event, ...]

    @property
    def met(self) -> int:
        """Objectives met in the last verdict."""
        return met(self.judged)

    @property
    def position(self) -> int:
        """Place in the queue of the submission that waits; 0 when none does, or the examiner has not seen it."""
        return next((one.position for one in self.submissions if one.state is State.QUEUED), 0)


@dataclass(frozen=True)
class Standing:
    """One person; `labs` in the workshop's order, `current` the one on which they were last active."""

    person: Participant
    labs: tuple[AtLab, ...]
    current: str


def met(one: Submission | None) -> int:
    """How many objectives a submission met."""
    return sum(o.verdict == "pass" for o in one.objectives) if one else 0


def standings(
    snapshot: Snapshot, history: History, seen: Mapping[tuple[str, str], float], now: float
) -> tuple[Standing, ...]:
    """Everybody.

    Args:
        seen: when the board itself saw the desk (namespace, lab) speak; the desk's word where it did not.
        now: of the snapshot, seconds since the epoch.
    """
    desks = {(one.namespace, one.lab): one for one in snapshot.desks}
    handed: dict[tuple[str, str], list[Submission]] = defaultdict(list)
    for submission in snapshot.submissions:
        handed[submission.namespace, submission.lab].append(submission)
    began = moment(snapshot.began) or now
    until = min(now, moment(snapshot.ends) or now)

    def at_lab(person: Participant, lab: str) -> AtLab:
        key = (person.namespace, lab)
        desk = desks.get(key, Desk(*key))
        return _at_lab(desk, tuple(handed[key]), history.of(person.id, lab), seen.get(key), (began, until))

    return tuple(_standing(one, tuple(at_lab(one, lab) for lab in snapshot.labs)) for one in snapshot.participants)


def _standing(person: Participant, labs: tuple[AtLab, ...]) -> Standing:
    def active(one: AtLab) -> float:
        return max((event.at for event in one.events), default=0.0)

    return Standing(person, labs, max(labs, key=active).lab if labs else "")


def _at_lab(
    desk: Desk,
    submissions: tuple[Submission, ...],
    events: tuple[Event, ...],
    seen: float | None,
    span: tuple[float, float],
) -> AtLab:
    began, now = span
    started = _last(events, Kind.START)
    if started is None and submissions:
        started = moment(submissions[0].created)
    saved, asked = _last(events, Kind.SAVE), _last(events, Kind.SUBMIT)
    signs = [time for time in (seen or claimed(desk.seen, now), started, saved, asked) if time is not None]
    done = [one for one in submissions if one.state is State.DONE]
    facts = Facts(
        now=now,
        began=began,
        started=started,
        saved=saved,
        seen=max(signs, default=None),
        asked=asked,
        saves_since=_saves_since(desk.saves, events, asked),
        waiting=len(done) < len(submissions),
        tried=tuple(Tried(one.verdict, moment(one.finished) or now, _missed(one), met(one)) for one in done),
    )
    passed = any(one.verdict == "pass" for one in done)
    return AtLab(
        lab=desk.lab,
        where=_where(started, submissions, passed),
        started=started,
        saved=saved,
        seen=facts.seen,
        saves=desk.saves,
        changed=desk.changed,
        hints_wanted=desk.hints_wanted,
        hints_given=len(desk.hints),
        submissions=submissions,
        judged=next((one for one in reversed(done) if one.verdict in ("pass", "fail")), None),
        passed=passed,
        reasons=stuck(facts),
        events=events,
    )


def _where(started: float | None, submissions: tuple[Submission, ...], passed: bool) -> Where:
    states = {one.state for one in submissions}
    if State.RUNNING in states:
        return Where.EXAM
    if State.QUEUED in states:
        return Where.QUEUED
    if passed:
        return Where.PASSED
    return Where.NEW if started is None else Where.WORKING


def _last(events: tuple[Event, ...], kind: Kind) -> float | None:
    return max((event.at for event in events if event.kind is kind), default=None)


def _saves_since(saves: int, events: tuple[Event, ...], asked: float | None) -> int:
    """Saves after the last submission, as far as they were seen: the count before it is the history's."""
    if asked is None:
        return saves
    counts = [(event.at, int(event.key)) for event in events if event.kind is Kind.SAVE]
    before = [count for at, count in counts if at <= asked]
    known = max(before) if before else min((count for _, count in counts), default=saves)
    return max(0, saves - known)


def _missed(one: Submission) -> tuple[str, ...]:
    return tuple(o.title for o in one.objectives if o.verdict == "fail")
