"""What happened in a workshop, in order. The objects in the cluster say how things are, and little of how they came to
be; the board keeps what it saw in a small SQLite file, so that a timeline survives its restart.

An event has a key, and counts once: the same snapshot, seen again or by another board, adds nothing.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from enum import StrEnum
from operator import attrgetter
from pathlib import Path

from grader.classroom.board.times import happened, moment
from grader.classroom.cluster.model import Desk, Snapshot, Submission
from grader.errors import BadInput

MOST = 5000
"""Events kept of one desk; a participant who saves in a loop fills no disk."""

_LARGEST = 2**62


class Kind(StrEnum):
    """Of an event. `key` is: nothing for `start`; the count so far for `save` and `hint`; else the submission."""

    START = "start"
    SAVE = "save"
    HINT = "hint"
    SUBMIT = "submit"
    EXAM = "exam"
    VERDICT = "verdict"


@dataclass(frozen=True)
class Event:
    """Attributes:
    who, lab: whose desk, by the participant's id.
    key: see `Kind`.
    at: seconds since the epoch.
    word: of a verdict: pass, fail, invalid, or "close" and one of the first two.
    """

    who: str
    lab: str
    kind: Kind
    key: str
    at: float
    word: str = ""


def tell(snapshot: Snapshot, now: float, watched: bool) -> Iterator[Event]:
    """Everything that a snapshot tells of the workshop's labs.

    Args:
        now: when it was taken.
        watched: whether one was taken just before, so that what is new has happened since.
    """
    people = {one.namespace: one.id for one in snapshot.participants}
    for desk in snapshot.desks:
        if desk.lab in snapshot.labs:
            yield from _of_desk(people[desk.namespace], desk, now, watched)
    for one in snapshot.submissions:
        if one.lab in snapshot.labs:
            yield from _of_submission(people[one.namespace], one, now)


def _of_desk(who: str, desk: Desk, now: float, watched: bool) -> Iterator[Event]:
    if desk.started:
        yield Event(who, desk.lab, Kind.START, "", happened(desk.started, now, watched))
    if desk.saves:
        yield Event(who, desk.lab, Kind.SAVE, str(min(desk.saves, _LARGEST)), happened(desk.saved, now, watched))
    for number in range(1, desk.hints_wanted + 1):
        yield Event(who, desk.lab, Kind.HINT, str(number), now if watched else happened(desk.seen, now, watched))


def _of_submission(who: str, one: Submission, now: float) -> Iterator[Event]:
    yield Event(who, one.lab, Kind.SUBMIT, one.name, moment(one.created) or now)
    if one.started:
        yield Event(who, one.lab, Kind.EXAM, one.name, moment(one.started) or now)
    if one.verdict:
        yield Event(who, one.lab, Kind.VERDICT, one.name, moment(one.finished) or now, one.word)


class History:
    """The events of one workshop, in memory and in a file. Of one thread.

    Raises:
        BadInput: the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: set[tuple[str, str, Kind, str]] = set()
        self._events: dict[tuple[str, str], list[Event]] = defaultdict(list)
        self._unsaved: list[Event] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            self._base = sqlite3.connect(path, check_same_thread=False)
            self._base.execute("pragma journal_mode = wal")  # a commit that waits for the disk would hold up the page
            self._base.execute("pragma synchronous = normal")
            self._base.execute(
                "create table if not exists events (who text, lab text, kind text, key text, at real, word text,"
                " primary key (who, lab, kind, key)) without rowid"
            )
            rows = self._base.execute("select who, lab, kind, key, at, word from events").fetchall()
        except (sqlite3.Error, OSError) as error:
            raise BadInput(f"{path} cannot be used ({error}): move it away, and the board begins a new one") from error
        self._remember(Event(who, lab, Kind(kind), key, at, word) for who, lab, kind, key, at, word in rows)

    def of(self, who: str, lab: str) -> tuple[Event, ...]:
        """The events of one desk, oldest first."""
        return tuple(self._events.get((who, lab), ()))

    def add(self, events: Iterable[Event]) -> None:
        """Take up what is new.

        Raises:
            BadInput: the file cannot be written; all is remembered, and written when it can be.
        """
        fresh = [one for one in events if self._is_new(one)]
        self._remember(fresh)
        self._unsaved += fresh
        if not self._unsaved:
            return
        try:
            with self._base:
                rows = [astuple(one) for one in self._unsaved]
                self._base.executemany("insert or ignore into events values (?, ?, ?, ?, ?, ?)", rows)
        except sqlite3.Error as error:
            raise BadInput(f"{self._path} cannot be written ({error}): free space") from error
        self._unsaved.clear()

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def _is_new(self, one: Event) -> bool:
        full = len(self._events.get((one.who, one.lab), ())) >= MOST
        return (one.who, one.lab, one.kind, one.key) not in self._known and not full

    def _remember(self, events: Iterable[Event]) -> None:
        touched = set()
        for one in events:
            self._known.add((one.who, one.lab, one.kind, one.key))
            self._events[one.who, one.lab].append(one)
            touched.add((one.who, one.lab))
        for desk in touched:
            self._events[desk].sort(key=attrgetter("at"))
