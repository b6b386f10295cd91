"""Looks at the workshop once a second and publishes what both pages show; goes on whatever happens to the cluster."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from grader.classroom.board import shown
from grader.classroom.board.alarms import alarms
from grader.classroom.board.history import History, tell
from grader.classroom.board.source import Source
from grader.classroom.board.standing import standings
from grader.classroom.cluster.model import Snapshot
from grader.errors import BadInput
from grader.pages.feed import Feed
from grader.safe import visible
from infra.errors import InfraError

EVERY_S = 1.0
WATCHED_S = 10.0
"""Snapshots further apart than this leave room for things that happened unseen."""

HEALTH = "health"


class Watcher:
    """Attributes:
    teacher, everybody: what the two pages are told.
    read: when the cluster was last read, seconds since the epoch; 0 for never.
    """

    def __init__(self, source: Source, history: History, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._source, self._history, self._secret, self._clock = source, history, secret, clock
        self._heard: dict[tuple[str, str], str] = {}
        self._seen: dict[tuple[str, str], float] = {}
        self._parts: tuple[shown.Parts, shown.Parts] = ({}, {})
        self._said = ""
        self.teacher, self.everybody = Feed(), Feed()
        self.read = 0.0

    def run(self, stop: threading.Event, every_s: float = EVERY_S) -> None:
        """Look until told to stop; a look that took longer than `every_s` is followed by the next at once."""
        while not stop.is_set():
            began = time.monotonic()
            self.look()
            stop.wait(max(0.0, began + every_s - time.monotonic()))

    def look(self) -> None:
        """Once."""
        trouble = ""
        try:
            snapshot = self._source.read()
            trouble = self._take(snapshot)
        except InfraError as error:
            trouble = str(error)
        except Exception as error:  # one odd object must not leave thirty people without a board
            trouble = f"the board cannot make sense of what the cluster says ({type(error).__name__}): please report it"
            if trouble != self._said:
                traceback.print_exc(file=sys.stderr)
        self._said = trouble
        self._publish(trouble)

    def _take(self, snapshot: Snapshot) -> str:
        """Take up a snapshot; returns a sentence about what went wrong beside it, usually nothing."""
        now = self._clock()
        watched = now - self.read < WATCHED_S
        trouble = ""
        try:
            self._history.add(tell(snapshot, now, watched))
        except BadInput as error:
            trouble = str(error)
        self._listen(snapshot, now, watched)
        everybody = standings(snapshot, self._history, self._seen, now)
        self._parts = (
            shown.for_teacher(snapshot, everybody, alarms(snapshot, now), now),
            shown.for_everybody(snapshot, everybody, self._secret, now),
        )
        self.read = now
        return trouble

    def _listen(self, snapshot: Snapshot, now: float, watched: bool) -> None:
        for desk in snapshot.desks:
            key = (desk.namespace, desk.lab)
            if watched and desk.seen != self._heard.get(key, ""):
                self._seen[key] = now
            self._heard[key] = desk.seen

    def _publish(self, trouble: str) -> None:
        teacher, everybody = self._parts
        since = round(self.read) if trouble else None
        health: dict[str, Any] = {"trouble": visible(trouble, 400), "since": since}
        self.teacher.publish(teacher | {HEALTH: health})
        self.everybody.publish(everybody | {HEALTH: {"trouble": bool(trouble), "since": since}})
