"""How often does bad luck alone decide? The own code of reference and alternative, some hundred days of each kind.

    .venv/bin/python tests/labs/shadow-deploy/deciding.py 300 reference late-bad    # days of each; else all kinds

Claims, decisions and the times of labels are the lab's own; calls, and what they take, are left out. Prints how many
days of each kind end with v2 live, and when the last commit of the api came, in seconds since the release (or since v2
fell): median and latest.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
import tempfile
import time
from collections import Counter, deque
from heapq import heappop, heappush
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from grader.course import catalog  # noqa: E402
from grader.intake.controls import copy_control  # noqa: E402
from grader.labkit import import_rehearsal, world  # noqa: E402

LAB = "shadow-deploy"
SCENARIO = str(catalog.root() / "scenarios" / LAB / "exam.py")
load, acts = import_rehearsal(SCENARIO, "load"), import_rehearsal(SCENARIO, "exam")
with world(SCENARIO):
    truth, labels = importlib.import_module("truth"), importlib.import_module("labels")
RATE, CALL_S, LOOK_S = 12, 0.03, 0.1
RELEASED_S, TURN_S, END_S = 1.0, 4.5, {"turns": 7.4, "well": 11.6}
KINDS = ("better", "late-good", "late-bad", "region", "turns", "well")


class Clock:
    """Time, and what is due."""

    def __init__(self) -> None:
        self.now, self._n = 0.0, 0
        self._due: list[tuple[float, int, Any]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, function: Any, *given: Any) -> None:
        self._n += 1
        heappush(self._due, (self.now + seconds, self._n, lambda: function(*given)))

    def run(self, until: float) -> None:
        while self._due and self._due[0][0] <= until:
            self.now, _, act = heappop(self._due)
            act()


class Desired:
    """The repository, as the api has it."""

    def __init__(self, clock: Clock, *, promoted: bool) -> None:
        self._clock, self.revision, self.day, self.at = clock, 1, 1, float("inf")
        self.live, self.shadow, self.author = ("v2", "v1", "api") if promoted else ("v1", None, "m.okafor")

    async def commit(self, live: str, shadow: str | None, why: str) -> bool:
        self.take(live, shadow, "api")
        self.at = self._clock.now
        return True

    def take(self, live: str, shadow: str | None, author: str) -> None:
        self.live, self.shadow, self.author, self.revision = live, shadow, author, self.revision + 1


class Reference:
    """The reference's own comparison and trial."""

    def __init__(self, desired: Desired) -> None:
        comparison, trial = importlib.import_module("comparison"), importlib.import_module("trial")
        self._comparison = comparison.Comparison("http://pool")
        models = SimpleNamespace(prompt=lambda: 1.0, counts=Counter())
        self.look = trial.Trial(desired, self._comparison, models).look
        self.said, self.label = self._comparison.predicted, self._comparison.labelled


class Alternative:
    """The alternative's own referee."""

    def __init__(self, desired: Desired) -> None:
        self._desired, self._in_time = desired, deque[bool]()
        self._referee = importlib.import_module("referee").Referee("http://pool", desired, self._in_time)

    def said(self, items: Any, version: str, found: Any) -> None:
        self._in_time.append(True)
        self._referee.decided(version, items, found)

    def label(self, row: dict[str, Any]) -> None:
        if row["id"] not in self._referee.labels:
            self._referee.heard(row["id"], row["label"])
        self._referee.labels[row["id"]] = row["label"]

    async def look(self) -> None:
        if self._desired.revision != self._referee.revision:
            self._referee.begin()
        await self._referee.look()


class Day:
    """One day of a kind, with all that is drawn from its seal."""

    def __init__(self, kind: str, seal: str, made: Any) -> None:
        self._kind, self._seal, self._clock = kind, seal, Clock()
        time.monotonic = lambda: 1000 + self._clock.now
        asyncio.get_running_loop = lambda: self._clock  # type: ignore[assignment,return-value]
        self._desired = Desired(self._clock, promoted=kind in acts.LATER)
        self._side, self._feed, self._seen = made(self._desired), labels.Labels(), 0
        self._key, self._traffic = load.key_of(seal), load.Traffic({"seal": seal}, 1)

    def run(self) -> tuple[str, float]:
        """Who is live at the end, and when the api's last commit came (s; since v2 fell, or since the release)."""
        end = END_S.get(self._kind, RELEASED_S + 10)
        for n in range(int(RATE * end)):
            self._clock.call_later(n / RATE, self._arrive, n)
        if self._kind not in acts.LATER:
            self._clock.call_later(RELEASED_S, self._desired.take, "v1", "v2", "m.okafor")
        self._clock.call_later(0.05, self._tick)
        self._clock.run(end)
        return self._desired.live, self._desired.at - (TURN_S if self._kind == "turns" else RELEASED_S)

    def _arrive(self, n: int) -> None:
        items = self._traffic.request(n).items
        now = acts.TURNS.get(self._kind, "") if self._clock.now >= TURN_S else ""
        for version, quality in acts.qualities(self._kind, self._seal, now).items():
            found = [truth.decision(self._key, one["id"], version, one["region"], quality) for one in items]
            if self._desired.shadow:
                self._clock.call_later(CALL_S, self._side.said, items, version, [{"decision": one} for one in found])
        for one in items:
            id = one["id"]
            self._feed.say(id, one["policy"], truth.level(self._key, id), truth.truth(self._key, id))

    def _tick(self) -> None:
        for row in self._feed.after(self._seen):
            self._side.label(row)
            self._seen = row["seq"]
        step = self._side.look()
        try:
            step.send(None)
        except StopIteration:
            self._clock.call_later(LOOK_S, self._tick)
        else:
            raise RuntimeError("a look waits for something")


def main(days: int, control: str, kinds: list[str]) -> None:
    """Print a line a kind."""
    exam = catalog.find_scenario(catalog.find_lab(LAB))
    os.environ["VERSIONS"] = '{"v1": "http://v1", "v2": "http://v2"}'
    made = {"reference": Reference, "alternative": Alternative}[control]
    with tempfile.TemporaryDirectory() as folder:
        copy_control(exam, control, Path(folder))
        sys.path.insert(0, f"{folder}/claims")
        for kind in kinds or KINDS:
            found = [Day(kind, f"day-{n}", made).run() for n in range(days)]
            times = sorted(at for _, at in found if at != float("inf"))
            when = f"median {times[len(times) // 2]:.1f} s, latest {times[-1]:.1f}" if times else "no commit"
            print(
                f"{control} {kind}: v2 live in {sum(live == 'v2' for live, _ in found)} of {days}; {when}", flush=True
            )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
