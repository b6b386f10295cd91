"""Exams in virtual time: a control's own code before the real audience, judged as an exam's events are.

.venv/bin/python tests/labs/cold-start/playing.py 4 reference group-only    # four seeds of each
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from grader.course import catalog  # noqa: E402
from grader.course.spec import Scenario  # noqa: E402
from grader.exam.draw import draw_trial, phase_plans  # noqa: E402
from grader.intake.controls import stage_control  # noqa: E402
from grader.load.schedule import schedule  # noqa: E402
from grader.load.traffic import make_traffic  # noqa: E402
from infra.images.venvs import environment  # noqa: E402

LAB = "cold-start"
SYSTEM = Path(__file__).with_name("virtual_town.py")
POOL = ROOT / "tests/labs/cast/model_pool"
COLUMNS = "trial VARCHAR, name VARCHAR, phase VARCHAR, status INTEGER, answer VARCHAR"
LIBRARY = ROOT / "labs/cast/lib"


class Burn(NamedTuple):
    """What an objective saw: bad events, of how many, which share may be bad, and the words of all."""

    bad: int
    of: int
    budget: float
    words: dict[str, int]

    @property
    def burnt(self) -> float:
        """Times its budget."""
        return self.bad / self.of / self.budget if self.of else float("nan")


def exam() -> Scenario:
    """The lab's exam."""
    return catalog.find_scenario(catalog.find_lab(LAB))


def staged(scenario: Scenario, control: str, scratch: Path) -> Path:
    """A control's `recommender` folder."""
    return stage_control(scenario, control, scratch / control).path / "recommender"


def play(scenario: Scenario, app: Path, seed: int) -> dict[str, Burn]:
    """One sample of each trial, with the code in a `recommender` folder."""
    rows = [row for trial in scenario.spec.trials for row in _trial(scenario, trial.id, app, seed)]
    return _judged(scenario, rows)


def _trial(scenario: Scenario, kind: str, app: Path, seed: int) -> Iterator[dict[str, Any]]:
    record, phases = draw_trial(scenario, kind, 0, 1, seed), phase_plans(scenario.spec.phases(kind))
    traffic = make_traffic(scenario.load_file, dict(record.parameters), record.seed, phases)
    arrivals = [(due, phase, n, traffic.request(n)) for due, phase, n in schedule(phases, record.seed)]
    order = {
        "world": str(scenario.lab.folder / "world"),
        "app": str(app),
        "seed": record.parameters["seed_of"],
        "arrivals": [
            {"due": due, "n": n, "method": one.method, "path": one.path, "timeout_s": one.timeout_s}
            for due, _, n, one in arrivals
        ],
    }
    done = subprocess.run(
        [environment("core") / "bin" / "python", SYSTEM],
        env={**os.environ, "PYTHONPATH": f"{LIBRARY}:{POOL}"},
        input=json.dumps(order), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    came = {}
    for answer in json.loads(done.stdout):
        request = arrivals[answer["n"]][3]
        try:
            word = traffic.check(request, answer["status"], {}, answer["body"].encode())
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
            word = "wrong"
        came[answer["n"]] = answer["status"], word
    for _, phase, n, request in arrivals:
        status, word = came.get(n, (0, "none"))
        yield {"trial": kind, "name": request.name, "phase": phase, "status": status, "answer": word}


def _judged(scenario: Scenario, rows: list[dict[str, Any]]) -> dict[str, Burn]:
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE events ({COLUMNS})")
    connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", [list(row.values()) for row in rows])
    found = {}
    for name, window in scenario.spec.objectives.items():
        slo = scenario.slos[name]
        phases, trials = (", ".join(map(repr, each)) for each in (window.phases, window.trials))
        where = f"({slo.total}) AND phase IN ({phases}) AND trial IN ({trials})"
        words = Counter[str]()
        bad = 0
        for word, many, good in connection.execute(
            f"SELECT answer, count(*), count(*) FILTER (WHERE {slo.good}) FROM events WHERE {where} GROUP BY answer"
        ).fetchall():
            words[word] += many
            bad += many - good
        found[name] = Burn(bad, words.total(), 1 - slo.target, dict(words))
    return found


def main(seeds: int, names: list[str]) -> None:
    """Print what each control burns."""
    scenario = exam()
    with tempfile.TemporaryDirectory() as scratch:
        for name in names or scenario.controls:
            app = Path(name) if "/" in name else staged(scenario, name, Path(scratch))
            for seed in range(1, seeds + 1):
                burns = play(scenario, app, seed)
                said = (f"{key} {one.bad}/{one.of}={one.burnt:.2f}" for key, one in burns.items())
                print(f"{name:14}", *said, flush=True)
                if seeds == 1:
                    print(*(f"  {key}: {one.words}" for key, one in burns.items()), sep="\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
