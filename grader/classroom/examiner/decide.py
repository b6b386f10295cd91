"""What to do next, from what is there. Pure.

    queued ──Begin──> running ──Publish──> done
       ^                 │
       └──── again ──────┘   its job died, or the cluster was too busy: at most `MOST_TRIES` exams

Each step is safe to repeat and is followed by what records it: a job is made before a submission is said to run, and a
result lies beside it before it is said to be done. So whatever the examiner was doing when it died, the next look finds
either the step or its record missing, and does it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader.classroom.cluster.model import Desk, Snapshot, State, Submission
from grader.classroom.examiner import exams
from grader.classroom.examiner.exams import Exam, Job, Outcome
from grader.classroom.examiner.queue import order

MOST_TRIES = 3


@dataclass(frozen=True)
class Space:
    """A namespace that an exam made; `exam` is the name of its job."""

    name: str
    exam: str


@dataclass(frozen=True)
class Seen:
    """All that a decision is made from.

    Attributes:
        outcomes: of exams that said what came out, by the exam's name.
        hints: of each lab.
        at_once: how many exams may run.
        held: why none may begin now, or empty.
        now: the time, as in `grader.classroom.cluster.model`.
    """

    snapshot: Snapshot
    exams: tuple[Exam, ...]
    outcomes: Mapping[str, Outcome]
    at_once: int
    now: str
    spaces: tuple[Space, ...] = ()
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    held: str = ""


@dataclass(frozen=True)
class _WithOne:
    submission: Submission


class Begin(_WithOne):
    """Make the job of a submission's `tries`-th exam; it may be there."""


class Settle(_WithOne):
    """Write a submission's status."""


class Publish(_WithOne):
    """Put what an exam left beside its submission."""


@dataclass(frozen=True)
class Clean:
    """Remove an exam's job, with its pod and what it said."""

    exam: str


@dataclass(frozen=True)
class Give:
    """Write a desk's hints."""

    desk: Desk
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Sweep:
    """Remove a namespace that nobody owns any more."""

    space: Space


Action = Begin | Settle | Publish | Clean | Give | Sweep
Steps = tuple[Action, ...]
"""Actions to be done in this order; if one fails, those after it wait for the next look."""


def decide(seen: Seen) -> list[Steps]:
    """Everything to do now; each `Steps` is independent of the others."""
    there = {exam.name: exam for exam in seen.exams}
    now = [_judged(one, there, seen) for one in seen.snapshot.submissions]
    begun = {one.uid for one in _next(now, seen)}
    places = {one.uid: place for place, one in enumerate((o for o in order(now) if o.uid not in begun), 1)}
    found = [
        _steps(old, _placed(new, begun, places, seen.now), exams.of(old) in seen.outcomes)
        for old, new in zip(seen.snapshot.submissions, now, strict=True)
    ]
    found += [(Clean(exam.name),) for exam in seen.exams if _spent(exam, seen.snapshot.submissions)]
    found += [(Sweep(space),) for space in seen.spaces if not _active(there.get(space.exam))]
    return [*filter(None, found), *_hints(seen)]


def _judged(one: Submission, there: Mapping[str, Exam], seen: Seen) -> Submission:
    """A submission as it is to be, but for its place in the queue."""
    if one.state is State.QUEUED and one.lab not in seen.snapshot.labs:
        labs = ", ".join(seen.snapshot.labs)
        return _done(one, Outcome("fail", (f"There is no lab {one.lab!r} in this workshop; it has {labs}.",)), seen.now)
    if one.state is State.QUEUED and exams.name(one.uid, one.tries + 1) in there:
        return _running(one, seen.now)
    if one.state is not State.RUNNING:
        return one
    outcome, exam = seen.outcomes.get(exams.of(one)), there.get(exams.of(one))
    if outcome is None and _active(exam):
        return one
    outcome = outcome or Outcome("invalid", (_died(exam, one.tries),), again=True)
    if outcome.again and one.tries < MOST_TRIES:
        return replace(one, state=State.QUEUED, started="", reasons=outcome.reasons)
    return _done(one, outcome, seen.now)


def _died(exam: Exam | None, tries: int) -> str:
    why = "its job is gone" if exam is None else exam.why or "its pod ended"
    return f"The exam ended {tries} times without a result ({why}): submit again, and tell your teacher if it stays so."


def _done(one: Submission, outcome: Outcome, now: str) -> Submission:
    return replace(
        one,
        state=State.DONE,
        position=0,
        verdict=outcome.verdict,
        reasons=outcome.reasons,
        objectives=outcome.objectives,
        finished=now,
        duration_s=outcome.duration_s,
        close=outcome.close,
    )


def _running(one: Submission, now: str) -> Submission:
    return replace(one, state=State.RUNNING, position=0, tries=one.tries + 1, started=now, reasons=())


def _next(submissions: Sequence[Submission], seen: Seen) -> list[Submission]:
    """Whose exams begin now."""
    if seen.held:
        return []
    running = {exams.of(one) for one in submissions if one.state is State.RUNNING}
    busy = len(running | {exam.name for exam in seen.exams if exam.state is Job.ACTIVE})
    return order(submissions)[: max(0, seen.at_once - busy)]


def _placed(one: Submission, begun: set[str], places: Mapping[str, int], now: str) -> Submission:
    if one.uid in begun:
        return _running(one, now)
    return replace(one, position=places.get(one.uid, 0))


def _steps(old: Submission, new: Submission, said: bool) -> Steps:
    """How a submission gets from one state to another; `said`: its exam left a result."""
    if new == old:
        return ()
    if new.tries != old.tries:
        return Begin(new), Settle(new)
    if new.state is State.DONE and said:
        return Publish(new), Settle(new)
    return (Settle(new),)


def _spent(exam: Exam, submissions: Sequence[Submission]) -> bool:
    """Whether an exam's job serves nobody any more. One that is done is left to end by itself."""
    owner = next((one for one in submissions if one.uid == exam.uid), None)
    if owner is None:
        return True
    if owner.state is State.DONE:
        return exam.state is not Job.ACTIVE
    return exam.number < owner.tries or (exam.number == owner.tries and owner.state is State.QUEUED)


def _active(exam: Exam | None) -> bool:
    return exam is not None and exam.state is Job.ACTIVE


def _hints(seen: Seen) -> Iterator[Steps]:
    for desk in seen.snapshot.desks:
        due = seen.hints.get(desk.lab, ())[: desk.hints_wanted]
        if len(due) > len(desk.hints):
            yield (Give(desk, due),)
