"""A scenario that an audit finds nothing in, and how to weaken it in one place. No exam of it is ever held."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from grader.authoring.audit.draws import exams
from grader.authoring.audit.findings import Report
from grader.authoring.audit.lab import audit
from grader.authoring.audit.recording import Recording, Trial
from grader.course.spec import Lab, Scenario

BRIEF = """# The desk that forgets

**Monday.** It must never have come to this.

## What the desk has to speak

| call | answer |
|---|---|
| `POST /ask` | 200 and the answer |

## Objectives

| objective | promise |
|---|---|
| `right` | at least 80 % of questions are answered rightly |
"""

LOAD = """
import random
from grader.load import Request

SHOPS = ["north"] * 10 + ["south"] * 10


class Traffic:
    target = "http://desk:8080"

    def __init__(self, parameters, seed):
        self.seed, self.of_exam = seed, random.Random(parameters.get("names", 0))
        self.names = ["".join(self.of_exam.choices("abcdefghijkl", k=8)) for _ in range(6)]

    def request(self, n):
        rng = random.Random(f"{self.seed}:{n}")
        return Request("POST", "/ask", "ask", json={"about": rng.choice(self.names)}, segment=SHOPS[n % len(SHOPS)])

    def check(self, request, status, headers, body):
        return "right"
"""

PLANNED = """
import random
from grader.load import Request

KINDS = {"torn": 40, "late": 40}
SHUFFLED = True


class Traffic:
    target = "http://desk:8080"

    def __init__(self, parameters, seed):
        self.cases = self.plan(parameters)["cases"]

    def plan(self, parameters):
        rng = random.Random(parameters.get("names", 0))
        kinds = [kind for kind, count in KINDS.items() for _ in range(count)]
        if SHUFFLED:
            rng.shuffle(kinds)
        return {"seed": 1, "cases": [{"id": f"{rng.getrandbits(40):010x}", "kind": kind} for kind in kinds]}

    def request(self, n):
        case = self.cases[n % len(self.cases)]
        return Request("GET", f"/outcomes/{n}", "right", segment=case["id"], timeout_s=60.0)

    def check(self, request, status, headers, body):
        return "right"
"""


def objective(name: str, says: str, good: str = "answer = 'right'", target: float = 0.8) -> dict[str, Any]:
    """An objective, as slo.yaml has it."""

    def query(sql: str) -> dict[str, Any]:
        return {"metricSource": {"type": "Brownout", "spec": {"query": sql}}}

    ratio = {"counter": True, "good": query(good), "total": query("true")}
    return {
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": {"name": name, "displayName": name},
        "spec": {
            "description": says,
            "service": "desk",
            "indicator": {"metadata": {"name": name}, "spec": {"ratioMetric": ratio}},
            "timeWindow": [{"duration": "4w", "isRolling": True}],
            "budgetingMethod": "Occurrences",
            "objectives": [{"displayName": name, "target": target}],
        },
    }


RIGHT = objective("right", "At least 80 % of questions are answered rightly.")


class Toy:
    """The folders of a lab `desk` and its exam; change what a test is about, then `audit`."""

    def __init__(self, root: Path) -> None:
        self.lab, self.exam = root / "labs" / "desk", root / "scenarios" / "desk"
        (self.lab / "rehearsal").mkdir(parents=True)
        self.exam.mkdir(parents=True)
        lab = {"id": "desk", "title": "desk", "question": "?", "level": "beginner", "minutes": 10, "open": ["desk"]}
        self.write(self.lab / "lab.yaml", lab)
        self.brief, self.load = BRIEF, LOAD
        self.timeline: list[dict[str, Any]] = [{"phase": "run", "seconds": 4, "rate": 50}]
        drawn = {"names": {"integer": [1, 10**9]}, "fault": {"choice": ["slow", "wrong"]}}
        drawn["at"] = {"uniform": [0.5, 2.5]}
        self.trials: list[dict[str, Any]] = [{"id": one, "parameters": dict(drawn)} for one in ("first", "second")]
        self.rehearsed: list[dict[str, Any]] = [{"phase": "run", "seconds": 4, "rate": 50}]
        self.slos = [RIGHT]
        self.windows: dict[str, dict[str, Any]] = {"right": {"trials": ["first", "second"]}}
        self.at: Any = "${at}"
        self.first: list[dict[str, Any]] = []
        self.accepts: dict[str, Any] | None = None

    @staticmethod
    def write(path: Path, *documents: Any) -> None:
        path.write_text(yaml.safe_dump_all(documents))

    def scenario(self) -> Scenario:
        """The exam, written and read."""
        fault = {
            "type": "action",
            "name": "the fault",
            "provider": {"type": "python", "module": "exam", "func": "fail"},
        }
        wait = {"type": "python", "module": "grader.faults", "func": "at", "arguments": {"seconds": self.at}}
        method = [*self.first, {"type": "action", "name": "wait", "provider": wait}, fault]
        for folder, slos in ((self.exam, self.slos), (self.lab / "rehearsal", [RIGHT])):
            self.write(folder / "experiment.yaml", {"title": "x", "method": method})
            self.write(folder / "slo.yaml", *slos)
        (self.lab / "rehearsal" / "load.py").write_text(self.load)
        (self.lab / "README.md").write_text(self.brief)
        trials = [{"id": one["id"], "parameters": {}} for one in self.trials]
        public = {"lab": "desk", "objectives": {"right": {"trials": [one["id"] for one in trials]}}}
        if self.accepts is not None:
            self.write(self.exam / "audit.yaml", self.accepts)
        self.write(self.lab / "rehearsal" / "scenario.yaml", {**public, "timeline": self.rehearsed, "trials": trials})
        hidden = {"lab": "desk", "objectives": self.windows, "timeline": self.timeline, "trials": self.trials}
        self.write(self.exam / "scenario.yaml", hidden)
        return Scenario(self.exam, Lab(self.lab))

    def audit(self, **outcome: Any) -> Report:
        """What is found, with a recorded pass in which all went well, or as `outcome` says."""
        scenario = self.scenario()
        return audit(scenario, passed(scenario, **outcome))

    def keys(self, **outcome: Any) -> set[str]:
        """Keys of open findings."""
        return {finding.key for finding in self.audit(**outcome).open}


def passed(scenario: Scenario, **outcome: Any) -> Recording:
    """Events of an exam in which everything was answered at once and rightly."""
    rows: list[Mapping[str, Any]] = []
    trials = []
    for one in exams(scenario, 1):
        trials.append(Trial(f"{one.kind}.0", one.kind, one.parameters))
        for arrival, request in one.requests():
            row = {"trial": f"{one.kind}.0", "kind": "request", "name": request.name, "phase": arrival.phase}
            row |= {"segment": request.segment, "due": arrival.due, "done": arrival.due + 0.01, "status": 200}
            rows.append({**row, "answer": "right", "served_by": "", **outcome})
    return Recording("x", tuple(trials), tuple(rows))
