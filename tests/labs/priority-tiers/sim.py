"""Trials of a control in virtual time: its own code before the real pool, judged as an exam's events are.

.venv/bin/python tests/labs/priority-tiers/sim.py 4 reference strict      # four seeds of each
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve()
ROOT = HERE.parents[3]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "labs" / "cast" / "lib")]

# ruff: noqa: E402
import duckdb

from grader.course import catalog
from grader.course.spec import Scenario
from grader.exam.draw import draw_trial
from grader.intake.controls import copy_control
from grader.load.schedule import looks, schedule
from grader.load.traffic import import_file, make_traffic
from infra.images.venvs import environment

LAB = "priority-tiers"
MODELS = [{"name": "caption", "listen": "0.0.0.0:8001", "seconds": 0.08, "slots": 4, "over": "refuse"}]
ENVIRONMENT = {"LISTEN": "0.0.0.0:8080", "MODEL": "http://pool:8001", "ACCOUNTS": "http://pool:8000"}
SLOW = [{"kind": "slow", "model": "caption", "add_s": 0.6}]
PROBE_S = 2.0


class Burn(NamedTuple):
    """What an objective saw: bad events, of how many, and of which share may be bad."""

    bad: int
    of: int
    budget: float

    @property
    def burnt(self) -> float:
        """Times its budget."""
        return self.bad / self.of / self.budget if self.of else float("nan")


def the_exam() -> Scenario:
    return catalog.find_scenario(catalog.find_lab(LAB))


def play(scenario: Scenario, app: Path, seed: int) -> dict[str, Burn]:
    """One sample of each trial."""
    rows = [row for trial in scenario.spec.trials for row in _trial(scenario, trial.id, app, seed)]
    return _judged(scenario, rows)


def _trial(scenario: Scenario, kind: str, app: Path, seed: int) -> Iterator[dict[str, Any]]:
    record = draw_trial(scenario, kind, 0, 1, seed)
    phases, end = _placed(scenario, kind)
    parameters = dict(record.parameters)
    traffic = make_traffic(scenario.load_file, parameters, record.seed, phases)
    checks = import_file(scenario.folder / "exam.py")
    arrivals = [
        {"due": due, "phase": phase, "n": n, "kind": "request", "request": traffic.request(n)}
        for due, phase, n in schedule(phases, record.seed)
    ]
    for probe in scenario.spec.probes:
        if probe.name != "pulse":
            for due in looks(probe.every_s, end, phases, probe.phases):
                path, pool = "/" + probe.url.split("/", 3)[3], probe.url.startswith("http://pool")
                request = _Look(path, probe.name, pool=pool)
                phase = [each.phase for each in phases if each.start <= due][-1]
                arrivals.append({"due": due, "phase": phase, "n": -1, "kind": "probe", "request": request})
    arrivals.sort(key=lambda one: one["due"])
    order = {
        "folders": [str(ROOT / "labs" / "cast" / "lib")],
        "environment": ENVIRONMENT,
        "models": MODELS,
        "world": str(scenario.lab.folder / "world"),
        "app": str(app),
        "plan": {"key": import_file(scenario.load_file).key_of(parameters["seal"]), "tenants": parameters["tenants"]},
        "faults": [(parameters["slow_at"], SLOW), (parameters["well_at"], [])],
        "arrivals": [_sent(one) for one in arrivals],
    }
    done = subprocess.run(
        [environment("traced") / "bin" / "python", HERE.with_name("system.py")],
        input=json.dumps(order), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    yield from _answered(traffic, checks, arrivals, json.loads(done.stdout), kind)


class _Look(NamedTuple):
    path: str
    name: str
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
                    word = traffic.check(request, status, answer["headers"], answer["body"].encode())
                else:
                    word = getattr(checks, request.name)(answer["body"].encode())[1]
            except (ValueError, TypeError, LookupError, AttributeError):
                word = "wrong"
        yield {
            "trial": f"{kind}.0", "kind": one["kind"], "name": request.name, "phase": one["phase"],
            "segment": request.segment, "due": one["due"], "status": status, "answer": word, "latency": latency,
        }  # fmt: skip


def _placed(scenario: Scenario, kind: str) -> tuple[list[Any], float]:
    from grader.load.plan import PlannedPhase

    placed, start = [], 0.0
    for phase in scenario.spec.phases(kind):
        placed.append(PlannedPhase(phase=phase.phase, start=start, seconds=phase.seconds, rate=phase.rate))
        start = round(start + phase.seconds, 6)
    return placed, start


def _judged(scenario: Scenario, rows: list[dict[str, Any]]) -> dict[str, Burn]:
    connection = duckdb.connect()
    columns = "trial VARCHAR, kind VARCHAR, name VARCHAR, phase VARCHAR, segment VARCHAR, due DOUBLE, status INTEGER"
    columns += ", answer VARCHAR, latency DOUBLE"
    connection.execute(f"CREATE TABLE events ({columns})")
    connection.executemany(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [list(row.values()) for row in rows]
    )
    found = {}
    for name, window in scenario.spec.objectives.items():
        slo = scenario.slos[name]
        where = f"kind = '{window.kind}' AND ({slo.total})"
        if window.phases:
            where += f" AND phase IN ({', '.join(repr(phase) for phase in window.phases)})"
        of, good = connection.execute(
            f"SELECT count(*), count(*) FILTER (WHERE {slo.good}) FROM events WHERE {where}"
        ).fetchone() or (0, 0)
        found[name] = Burn(of - good, of, 1 - slo.target)
    return found


def main(seeds: int, names: list[str]) -> None:
    scenario = the_exam()
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            copy_control(scenario, name, Path(folder))
            for seed in range(1, seeds + 1):
                burns = play(scenario, Path(folder) / "scheduler", seed)
                print(f"{name:14}", *(f"{key} {b.bad}/{b.of}={b.burnt:.2f}" for key, b in burns.items()), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
