"""Where events come from: the everyday traffic of a running lab, and the trials of its rehearsal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.spec import Scenario
from grader.practice import rig
from grader.practice.live.table import KEPT_S, Events
from grader.practice.live.tail import Tail

EVERYDAY = "everyday"


class Everyday:
    """The traffic that `lab start` keeps up.

    Attributes:
        start_s: when it began, seconds since the epoch; 0 while there is none.
    """

    def __init__(self, lab_id: str) -> None:
        self._folder = rig.traffic_folder(lab_id)
        self._tail = Tail(self._folder / "events.jsonl")
        self.start_s = 0.0

    def look(self, events: Events, now_s: float) -> None:
        """Take in what is new; another run of the traffic begins anew."""
        changed, rows = self._tail.new()
        if changed:
            events.forget(EVERYDAY)
            self.start_s = self._started()
        events.add(EVERYDAY, rows)
        events.forget(EVERYDAY, now_s - self.start_s - KEPT_S)

    def close(self) -> None:
        self._tail.close()

    def _started(self) -> float:
        try:
            return float(json.loads((self._folder / "plan.json").read_text("utf-8"))["start_at"] or 0.0)
        except (OSError, ValueError, KeyError, TypeError):
            return 0.0


@dataclass(frozen=True)
class Stretch:
    """A phase in a trial's time, in seconds."""

    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Played:
    """A trial of a rehearsal: its source in `Events`, its id in scenario.yaml, what it is called, its timeline, and
    which try it is."""

    source: str
    kind: str
    title: str
    stretches: tuple[Stretch, ...]
    tries: int = 1

    @property
    def seconds(self) -> float:
        return max((one.end_s for one in self.stretches), default=0.0)


class Rehearsal:
    """The trials of the rehearsal that runs, or ran last. Their files are removed when it ends; they are held open."""

    def __init__(self, scenario: Scenario, out: Path) -> None:
        self._scenario, self._raw = scenario, out / "raw"
        self._tails: dict[str, Tail] = {}

    def look(self, events: Events) -> None:
        """Take in what is new."""
        for path in sorted(self._raw.glob("*.events.jsonl")):
            trial = path.name.removesuffix(".events.jsonl")
            if trial not in self._tails:
                self._tails[trial] = Tail(path)
        for trial, tail in self._tails.items():
            _, rows = tail.new()
            events.add(trial, rows)

    def forget(self, events: Events) -> None:
        """Let go of all, before another one begins."""
        for trial, tail in self._tails.items():
            tail.close()
            events.forget(trial)
        self._tails = {}

    def played(self) -> Sequence[Played]:
        """Its trials with load, in the order of their names."""
        found = []
        for trial in sorted(self._tails):
            kind, _, sample = trial.rpartition(".")
            try:
                spec, phases = self._scenario.spec.trial(kind), self._scenario.spec.phases(kind)
            except KeyError:
                continue
            stretches, at = [], 0.0
            for phase in phases:
                stretches.append(Stretch(phase.phase, at, at + phase.seconds))
                at += phase.seconds
            if any(phase.rate for phase in phases):
                tries = int(sample) + 1 if sample.isdecimal() else 1
                again = f", try {tries}" if tries > 1 else ""
                found.append(Played(trial, kind, f"{spec.title or kind}{again}", tuple(stretches), tries))
        return found
