"""The experiments of a gang: one runner, a process each, told to start together, each ending in its own way."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.exam.children import Child
from infra.runtime import Post


class Experiments:
    """The experiments of some plans, by the plan's number from 0."""

    def __init__(self, plans: Sequence[Path], log: Path, post: Post | None = None) -> None:
        self._plans = plans
        self._logs = [plan.with_suffix(".log") for plan in plans]
        self._child = Child("grader.chaos", "--together", *map(str, plans), log=log, post=post)
        self._ends: dict[int, tuple[int, float]] = {}
        self._start_at = 0.0
        self._follower: threading.Thread | None = None

    def await_ready(self) -> list[int]:
        """Wait until every experiment is ready; the numbers of those that ended instead.

        Raises:
            Unproven: the runner itself ended.
        """
        said = [self._child.read() for _ in self._plans]
        return [line["experiment"] for line in said if not line["ready"]]

    def go(self, start_at: float) -> None:
        """Tell all of them when trial time is 0 (seconds since the epoch), and follow them from now on."""
        self._start_at = start_at
        self._child.tell({"start_at": start_at})
        self._follower = threading.Thread(target=self._follow, daemon=True)
        self._follower.start()

    def answered(self) -> None:
        """Tell them that all requests are answered: they wait no more."""
        self._child.tell({"answered": True})

    def ending(self, number: int) -> tuple[int, float] | None:
        """An experiment's exit code and the trial time (s) at which it ended, or None while it runs."""
        return self._ends.get(number)

    def running(self) -> bool:
        """Whether any experiment still runs."""
        return self._child.poll() is None and len(self._ends) < len(self._plans)

    def last_words(self, number: int) -> str:
        """The last line that an experiment wrote to stderr."""
        try:
            lines = self._logs[number].read_text("utf-8", "replace").strip().splitlines()
        except FileNotFoundError:
            lines = []
        return lines[-1][:300] if lines else "it said nothing"

    def of(self, number: int) -> Running:
        """One of them."""
        return Running(self, number)

    def end(self) -> None:
        """Have all run their rollbacks and end."""
        self._child.stop()
        if self._follower is not None:
            self._follower.join()
        self._child.end()

    def _follow(self) -> None:
        for line in self._child.lines():
            said = json.loads(line)
            if "code" in said:
                self._ends[said["experiment"]] = said["code"], said["ended_at"] - self._start_at


@dataclass(frozen=True)
class Running:
    """One experiment of several."""

    experiments: Experiments
    number: int

    def ending(self) -> tuple[int, float] | None:
        """Its exit code and the trial time (s) at which it ended, or None while it runs."""
        return self.experiments.ending(self.number)

    def last_words(self) -> str:
        """The last line that it wrote to stderr."""
        return self.experiments.last_words(self.number)
