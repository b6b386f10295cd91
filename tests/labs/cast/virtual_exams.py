"""Exams in virtual time: a control's own code before a lab's real parts, judged as an exam's events are.

A script of the lab plays a trial in a process of its own (`one_loop.py`); here it is drawn, and its answers are judged.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from grader.course import catalog
from grader.course.spec import Scenario
from grader.judge.record import TrialRecord
from grader.load.api import ANSWER_FAULTS
from grader.load.schedule import looks, phase_at
from grader.load.traffic import import_file
from infra.images.venvs import environment
from tests.labs.cast.one_loop import EPOCH_S
from tests.labs.played import Arrival, Burn, Event, Trial, drawn, judged, shown, staged

PATHS = os.pathsep.join(map(str, (catalog.root() / "labs/cast/lib", catalog.root())))
PROBE_S = 2.0
FEW = 1  # bad event that is forgiven


class Look(NamedTuple):
    """What a probe asks."""

    path: str
    name: str
    check: Callable[[bytes], tuple[Any, str]]
    pool: bool
    method: str = "GET"
    json: Any = None
    headers: dict[str, str] = {}
    segment: str = ""
    timeout_s: float = PROBE_S


def nothing(record: TrialRecord) -> dict[str, Any]:
    """What most scripts are told besides."""
    return {}


@dataclass(frozen=True)
class VirtualExam:
    """An exam, the script that plays its trials, what that is told besides, and whose packages it needs."""

    scenario: Scenario
    script: Path
    more: Callable[[TrialRecord], dict[str, Any]] = nothing
    image: str = "core"

    def play(self, app: Path, seed: int, loud: bool = False) -> dict[str, Burn]:
        """What a sample of each trial burns, with the code in an open folder. Raises as `events` does."""
        kinds = [trial.id for trial in self.scenario.spec.trials]
        return judged(self.scenario, (each for kind in kinds for each in self.events(kind, app, seed, loud)))

    def events(self, kind: str, app: Path, seed: int, loud: bool = False) -> Iterator[Event]:
        """One sample of a trial, as it went. Aloud, what the script said goes to stderr.

        Raises:
            RuntimeError: the script failed, or the code did before it could be asked.
        """
        trial = drawn(self.scenario, kind, seed)
        arrivals = sorted([*trial.arrivals(), *self._looks(trial)], key=lambda one: one.due)
        order = {
            "world": str(self.scenario.lab.folder / "world"),
            "app": str(app),
            "parameters": dict(trial.record.parameters),
            "arrivals": [_told(one) for one in arrivals],
            **self.more(trial.record),
        }
        done = subprocess.run(
            [environment(self.image) / "bin" / "python", self.script],
            env={**os.environ, "PYTHONPATH": PATHS},
            input=json.dumps(order), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        if loud and done.stderr:
            print(done.stderr[-4000:], file=sys.stderr)
        yield from _answered(trial, arrivals, json.loads(done.stdout))

    def check_luck(self, control: str, seeds: range) -> None:
        """Whoever has to pass burns at most half of each budget; a fake twice its own, and misses no other."""
        known = self.scenario.controls[control]
        with tempfile.TemporaryDirectory() as scratch:
            app = staged(self.scenario, control, Path(scratch))
            for seed in seeds:
                for objective, burn in self.play(app, seed).items():
                    if objective == known.fails:
                        assert burn.burnt >= 2 - 1e-9, (seed, objective, burn)
                    elif objective not in known.also:
                        assert (burn.bad - FEW) / burn.of <= burn.budget / 2, (seed, objective, burn)

    def main(self, seeds: int, names: list[str]) -> None:
        """Print what each control burns, all of them if none is named; a name with a slash is an open folder."""
        with tempfile.TemporaryDirectory() as scratch:
            for name in names or self.scenario.controls:
                app = Path(name) if "/" in name else staged(self.scenario, name, Path(scratch))
                for seed in range(1, seeds + 1):
                    burns = self.play(app, seed, loud=seeds == 1)
                    print(f"{name:14}", shown(burns), flush=True)
                    if seeds == 1:
                        print(*(f"  {key}: {one.words}" for key, one in burns.items()), sep="\n")

    def _looks(self, trial: Trial) -> Iterator[Arrival]:
        phases = trial.phases
        for probe in self.scenario.spec.probes:
            if probe.name == "pulse":
                continue
            path, pool = "/" + probe.url.split("/", 3)[3], probe.url.startswith("http://pool")
            look = Look(path, probe.name, getattr(import_file(self.scenario.observers), probe.check), pool)
            for due in looks(probe.every_s, trial.record.planned_s, phases, probe.phases):
                yield Arrival(due, phase_at(phases, due), -1, look)


def _told(one: Arrival) -> dict[str, Any]:
    asked = one.request
    told = {key: getattr(asked, key) for key in ("method", "path", "json", "timeout_s")}
    return {**told, "headers": dict(asked.headers), "due": one.due, "pool": getattr(asked, "pool", False)}


def _answered(trial: Trial, arrivals: list[Arrival], answers: list[dict[str, Any]]) -> Iterator[Event]:
    """Events. Checks are made in the order in which things came; what is sent the load is told first, as in exams."""
    by_number = {answer["n"]: answer for answer in answers}
    moments = [(one.due, 0, number) for number, one in enumerate(arrivals)]
    moments += [(answer["done"], 1, answer["n"]) for answer in answers]
    for _, came, number in sorted(moments):
        one, answer = arrivals[number], by_number.get(number)
        look = isinstance(one.request, Look)
        if not came and not look:
            trial.traffic.request(one.n)
        if not came and answer is not None:
            continue
        word, status, latency = "none", 0, float("inf")
        if answer is not None:
            word, status, latency = _word(trial, one.request, answer), answer["status"], answer["done"] - one.due
        kind = "probe" if look else "request"
        yield Event(trial.record.kind, one.phase, one.request.name, one.request.segment, status, word, latency, kind)


def _word(trial: Trial, request: Any, answer: dict[str, Any]) -> str:
    body = answer["body"].encode("latin-1")
    if not isinstance(request, Look):
        with patch("time.time", return_value=EPOCH_S + answer["done"]):
            return trial.word(request, answer["status"], answer["headers"], body)
    try:
        return request.check(body)[1]
    except ANSWER_FAULTS:
        return "wrong"
