"""Exams of a lab on the model pool in virtual time: a control's own code before the real pool, judged as an exam's
events are.

    .venv/bin/python -m tests.labs.cast.model_pool.exams priority-tiers 4 reference strict    # four seeds of each

The lab's open folder has a `main.app`; its other sealed service, if any, is a front that does nothing but hand on.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from unittest.mock import MagicMock, patch

import duckdb
import pytest
import yaml

from grader.course import catalog
from grader.course.spec import Scenario
from grader.exam.draw import draw_trial, phase_plans
from grader.intake.controls import copy_control
from grader.load.plan import PlannedPhase
from grader.load.schedule import looks, schedule
from grader.load.traffic import import_file, make_traffic
from infra.images.venvs import environment

SYSTEM = Path(__file__).with_name("virtual.py")
LIBRARY = Path(__file__).resolve().parents[4] / "labs" / "cast" / "lib"
PROBE_S = 2.0
EPOCH_S = 1.8e9  # when virtual time begins, in seconds since the epoch, as in virtual.py
FEW = 1  # bad event that is forgiven


class Burn(NamedTuple):
    """What an objective saw: bad events, of how many, and of which share may be bad."""

    bad: int
    of: int
    budget: float

    @property
    def burnt(self) -> float:
        """Times its budget."""
        return self.bad / self.of / self.budget if self.of else float("nan")


def exam_of(lab: str) -> Scenario:
    """A lab's exam."""
    return catalog.find_scenario(catalog.find_lab(lab))


def burns(exam: Scenario, control: str, seeds: int) -> Iterator[dict[str, Burn]]:
    """What a control burns of each objective: one sample of each trial, for each of so many seeds."""
    with tempfile.TemporaryDirectory() as folder:
        copy_control(exam, control, Path(folder))
        for seed in range(1, seeds + 1):
            yield play(exam, Path(folder), seed)


def play(exam: Scenario, submission: Path, seed: int) -> dict[str, Burn]:
    """One sample of each trial of a submission, the folder of open folders."""
    rows = [row for trial in exam.spec.trials for row in _trial(exam, trial.id, submission, seed)]
    return _judged(exam, rows)


def _trial(exam: Scenario, kind: str, submission: Path, seed: int) -> Iterator[dict[str, Any]]:
    record, phases = draw_trial(exam, kind, 0, 1, seed), phase_plans(exam.spec.phases(kind))
    traffic = make_traffic(exam.load_file, dict(record.parameters), record.seed, phases)
    arrivals = _arrivals(exam, traffic, phases, record.seed)
    (folder,) = exam.lab.spec.open
    services = yaml.safe_load((exam.lab.folder / "compose.yaml").read_text())["services"]
    order = {
        "folders": [str(LIBRARY)],
        "environment": {key: str(value) for key, value in services[folder]["environment"].items()},
        "models": json.loads(services["pool"]["environment"]["MODELS"]),
        "nightly": services["pool"]["environment"].get("NIGHTLY", ""),
        "world": str(exam.lab.folder / "world"),
        "app": str(submission / folder),
        "told": told(exam, {**record.parameters, "end_s": record.planned_s}),
        "arrivals": [_sent(one) for one in arrivals],
    }
    image = services[folder]["image"].removeprefix("brownout/")
    done = subprocess.run(
        [environment(image) / "bin" / "python", SYSTEM],
        input=json.dumps(order), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    checks = import_file(exam.folder / "exam.py")
    yield from _answered(traffic, checks, arrivals, json.loads(done.stdout), kind)


def told(exam: Scenario, parameters: dict[str, Any]) -> list[tuple[float, str, Any]]:
    """What the experiment tells the pool's control port: second, path, payload. Its looks are left out."""
    heard: list[tuple[float, str, Any]] = []
    at = 0.0

    def hear(service: str, port: int, path: str, payload: Any) -> Any:
        if (service, port) != ("pool", 9000):
            raise RuntimeError(f"{exam.lab.id}: there is no {service}:{port} in virtual time")
        heard.append((at, path, payload))
        return MagicMock()

    def wait(seconds: float) -> None:
        nonlocal at
        at = max(at, seconds)

    checks = import_file(exam.folder / "exam.py")
    with _heard(exam, checks, {"control": hear, "at": wait}):
        for step in yaml.safe_load((exam.folder / "experiment.yaml").read_text())["method"]:
            provider = step["provider"]
            given = _filled(provider.get("arguments", {}), parameters)
            if provider["func"] == "at":
                wait(**given)
            elif provider["func"] == "control":
                hear(**given)
            elif provider["module"] == "exam":
                with suppress(_Looks):
                    getattr(checks, provider["func"])(**given)
    return heard


@contextmanager
def _heard(exam: Scenario, checks: ModuleType, instead: dict[str, Any]) -> Iterator[None]:
    """What exam.py's steps use of the engine is this in its place; who asks the running system gets no answer."""
    with ExitStack() as stack:
        for module in (checks, import_file(exam.lab.folder / "rehearsal" / "exam.py")):
            for name, function in instead.items():
                if hasattr(module, name):
                    stack.enter_context(patch.object(module, name, function))
            if hasattr(module, "current"):
                stack.enter_context(patch.object(module, "current", side_effect=_Looks))
        yield


class _Looks(Exception):
    """A step asks the running system."""


def _filled(given: Any, parameters: dict[str, Any]) -> Any:
    """An experiment's arguments with its parameters in place of `${name}`."""
    if isinstance(given, dict):
        return {key: _filled(value, parameters) for key, value in given.items()}
    if isinstance(given, list):
        return [_filled(each, parameters) for each in given]
    named = re.fullmatch(r"\$\{(\w+)\}", given) if isinstance(given, str) else None
    return parameters[named[1]] if named else given


def _arrivals(exam: Scenario, traffic: Any, phases: list[PlannedPhase], seed: int) -> list[dict[str, Any]]:
    """Requests and looks, by when they are due."""
    arrivals = [
        {"due": due, "phase": phase, "n": n, "kind": "request", "request": traffic.request(n)}
        for due, phase, n in schedule(phases, seed)
    ]
    for probe in exam.spec.probes:
        if probe.name != "pulse":
            for due in looks(probe.every_s, phases[-1].start + phases[-1].seconds, phases, probe.phases):
                path, pool = "/" + probe.url.split("/", 3)[3], probe.url.startswith("http://pool")
                request = _Look(path, probe.name, probe.check, pool=pool)
                phase = [each.phase for each in phases if each.start <= due][-1]
                arrivals.append({"due": due, "phase": phase, "n": -1, "kind": "probe", "request": request})
    return sorted(arrivals, key=lambda one: one["due"])


class _Look(NamedTuple):
    path: str
    name: str
    check: str
    method: str = "GET"
    json: Any = None
    headers: dict[str, str] = {}
    segment: str = ""
    timeout_s: float = PROBE_S
    pool: bool = False


def _sent(one: dict[str, Any]) -> dict[str, Any]:
    request = one["request"]
    said = {key: getattr(request, key) for key in ("method", "path", "json", "timeout_s")}
    return {**said, "headers": dict(request.headers), "due": one["due"], "pool": getattr(request, "pool", False)}


def _answered(
    traffic: Any, checks: Any, arrivals: list[dict[str, Any]], answers: list[dict[str, Any]], kind: str
) -> Iterator[dict[str, Any]]:
    """Events. Checks are made in the order in which things came; what is sent the load is told first, as in exams."""
    by_number = {answer["n"]: answer for answer in answers}
    moments = [(one["due"], 0, number) for number, one in enumerate(arrivals)]
    moments += [(answer["done"], 1, answer["n"]) for answer in answers]
    for _, came, number in sorted(moments):
        one = arrivals[number]
        request, answer = one["request"], by_number.get(number)
        if not came:
            if one["kind"] == "request":
                traffic.request(one["n"])
            if answer is not None:
                continue
        word, status, latency = "none", 0, float("inf")
        if answer is not None:
            status, latency = answer["status"], answer["done"] - one["due"]
            try:
                if one["kind"] == "request":
                    with patch("time.time", return_value=EPOCH_S + answer["done"]):
                        word = traffic.check(request, status, answer["headers"], answer["body"].encode())
                else:
                    word = getattr(checks, request.check)(answer["body"].encode())[1]
            except (ValueError, TypeError, LookupError, AttributeError):
                word = "wrong"
        yield {
            "trial": f"{kind}.0", "kind": one["kind"], "name": request.name, "phase": one["phase"],
            "segment": request.segment, "due": one["due"], "status": status, "answer": word, "latency": latency,
        }  # fmt: skip


def _judged(exam: Scenario, rows: list[dict[str, Any]]) -> dict[str, Burn]:
    connection = duckdb.connect()
    columns = "trial VARCHAR, kind VARCHAR, name VARCHAR, phase VARCHAR, segment VARCHAR, due DOUBLE, status INTEGER"
    columns += ", answer VARCHAR, latency DOUBLE"
    connection.execute(f"CREATE TABLE events ({columns})")
    connection.executemany(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [list(row.values()) for row in rows]
    )
    found = {}
    for name, window in exam.spec.objectives.items():
        slo = exam.slos[name]
        trials = ", ".join(f"'{trial}.0'" for trial in window.trials)
        where = f"kind = '{window.kind}' AND trial IN ({trials}) AND ({slo.total})"
        if window.phases:
            where += f" AND phase IN ({', '.join(repr(phase) for phase in window.phases)})"
        of, good = connection.execute(
            f"SELECT count(*), count(*) FILTER (WHERE {slo.good}) FROM events WHERE {where}"
        ).fetchone() or (0, 0)
        found[name] = Burn(of - good, of, 1 - slo.target)
    return found


def luck_cases(lab: str) -> list[Any]:
    """For a lab's test: one draw of the reference, and, as slow tests, three of each control."""
    names = sorted(path.parent.name for path in catalog.root().glob(f"scenarios/{lab}/controls/*/control.yaml"))
    slow = [pytest.param(name, 3, marks=pytest.mark.slow, id=f"{name}, three draws") for name in names]
    return [pytest.param("reference", 1, id="reference"), *slow]


def check_luck(lab: str, control: str, seeds: int) -> None:
    """Whoever has to pass burns at most half of each budget, a fake at least twice its own."""
    exam = exam_of(lab)
    known = exam.controls[control]
    for burn in burns(exam, control, seeds):
        for name, seen in burn.items():
            if name == known.fails:
                assert seen.burnt >= 2 - 1e-9, (name, seen)
            elif name not in known.also:
                assert (seen.bad - FEW) / seen.of <= seen.budget / 2, (name, seen)


def main(lab: str, seeds: int, names: list[str]) -> None:
    exam = exam_of(lab)
    for name in names or exam.controls:
        for burn in burns(exam, name, seeds):
            print(f"{name:14}", *(f"{key} {b.bad}/{b.of}={b.burnt:.2f}" for key, b in burn.items()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
