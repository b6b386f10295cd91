"""A thread that tells the desk how a participant gets on: started, saves, changed paths, and that they are there."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.classroom.cluster import model
from grader.classroom.cluster.model import Desk
from grader.classroom.desk import joined
from grader.classroom.desk.joined import KitRefused
from grader.errors import BadInput
from infra.errors import InfraError

TURN_S, SAVE_S, SEEN_S = 0.5, 3.0, 20.0
"""A save is told within `SAVE_S` seconds of the one before; without one, that their `lab` is there every `SEEN_S`."""

RETRY_S, REFUSED_S = 5.0, 30.0
END_S = 2.0
MOST_CHANGED, LONGEST = 200, 256

log = logging.getLogger("sync")


class Teller:
    """Whatever goes wrong is logged once, told to `on_trouble`, and tried again."""

    def __init__(
        self,
        read: Callable[[], Desk],
        write: Callable[[Mapping[str, Any]], None],
        changed: Callable[[], Sequence[str]],
        on_trouble: Callable[[str], None],
        on_earlier_saves: Callable[[], None],
    ) -> None:
        """
        Args:
            read, write: the desk, and some fields of its spec.
            changed: paths that differ from what shipped.
            on_trouble: learns a sentence, or nothing once it is over.
            on_earlier_saves: called where files were saved before this began, perhaps on another machine.
        """
        self._read, self._write, self._changed = read, write, changed
        self._on_trouble, self._on_earlier_saves = on_trouble, on_earlier_saves
        self._over = threading.Event()
        self._busy = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._desk: Desk | None = None
        self._saves, self._told, self._saved = 0, 0, ""
        self._next, self._trouble = 0.0, ""
        self._heard = 0.0

    def start(self) -> None:
        """Begin to tell."""
        self._thread.start()

    def end(self) -> None:
        """Tell what is left, for at most `END_S` seconds."""
        self._over.set()
        self._thread.join(END_S)

    def saved(self) -> None:
        """A save was noticed."""
        with self._busy:
            self._saves, self._saved = self._saves + 1, model.now()

    def turn(self, now: float) -> None:
        """Tell if it is time to; `now` in seconds of the monotonic clock."""
        waits = self._desk is None or self._saves > self._told or self._trouble
        if now >= (self._next if waits else max(self._next, self._heard + SEEN_S)):
            self._try(now)

    def _try(self, now: float) -> None:
        try:
            with joined.talking():
                self._tell()
        except (InfraError, BadInput) as error:
            self._next = now + (REFUSED_S if isinstance(error, KitRefused) else RETRY_S)
            self._say(str(error))
        else:
            self._next, self._heard = now + SAVE_S, now
            self._say("")

    def _tell(self) -> None:
        desk = self._desk or self._read()
        with self._busy:
            saves, saved = self._saves, self._saved
        spec: dict[str, Any] = {"seen": model.now(), "saves": desk.saves + saves}
        spec["started"] = desk.started or spec["seen"]
        spec["changed"] = [path[:LONGEST] for path in self._changed()[:MOST_CHANGED]]
        if saved:
            spec["saved"] = saved
        self._write(spec)
        first, self._desk, self._told = self._desk is None, replace(desk, started=spec["started"]), saves
        if first and desk.saves:
            self._on_earlier_saves()

    def _say(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            log.warning("the desk: %s", trouble or "is told again")
            self._on_trouble(trouble)

    def _run(self) -> None:
        while not self._over.wait(TURN_S):
            self.turn(time.monotonic())
        if self._saves > self._told and not self._trouble:
            self._try(time.monotonic())
