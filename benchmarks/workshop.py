"""A workshop on this machine's cluster: how long until everybody is ready, and until submissions that come at once have
their verdicts.

    .venv/bin/python -m benchmarks.workshop LAB [--participants 30] [--submissions 10] [--write]

The first participants submit a control each, in turn, all in the same moment. `--write` puts the table into
docs/workshop.md. Needs BROWNOUT_KUBE_CONTEXT, and removes all that it made.
"""

from __future__ import annotations

import argparse
import secrets
import statistics
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import psutil
import yaml

from benchmarks.exams import controls_of
from benchmarks.machine import ROOT, in_use, made_by, main
from benchmarks.startup import LAB, MB, course, timed
from benchmarks.tables import publish, table
from grader.classroom.cluster import store
from grader.classroom.cluster.archive import pack
from grader.classroom.cluster.model import State, Submission
from grader.classroom.cluster.names import desk_namespace
from grader.course import catalog
from grader.course.catalog import find_lab, find_scenario
from grader.course.spec import Scenario
from grader.intake import staging
from grader.intake.controls import stage_control
from infra.k8s import cluster

PAGE = ROOT / "docs" / "workshop.md"
LOOK_S = 0.5
EXAM_S = 240.0
"""Most that an exam may take, tried three times; a queue that takes longer is given up."""


def measure(lab_id: str, people: int, submissions: int) -> list[tuple[str, str]]:
    """Rows of the table: what, and how much."""
    context, workshop = cluster.context(), f"m-{secrets.token_hex(3)}"
    scenario = find_scenario(find_lab(lab_id))
    names = [f"p{number:03d}" for number in range(1, people + 1)]
    before = psutil.virtual_memory().available
    with course():
        plan = {"workshop": workshop, "labs": [lab_id], "hours": 2, "participants": names}
        file = catalog.root() / "class.yaml"
        file.write_text(yaml.safe_dump(plan), "utf-8")
        try:
            ready = timed([LAB, "workshop", "create", str(file), "--anyway"])
            taken = before - psutil.virtual_memory().available
            expected = submit(context, workshop, scenario, names[:submissions])
            began = time.monotonic()
            done = judged(context, workshop, len(expected) * EXAM_S)
            took = time.monotonic() - began
        finally:
            removed = timed([LAB, "workshop", "stop", workshop, "--yes", "--no-export"])
    return [
        ("participants", str(people)),
        ("seconds until all are ready", f"{ready:.0f}"),
        ("MB of memory a participant, examiner included", f"{taken / people / MB:.0f}"),
        *verdicts(done, expected),
        ("seconds from the first submission to the last verdict", f"{took:.0f}"),
        ("seconds to remove everything", f"{removed:.0f}"),
    ]


def submit(context: str, workshop: str, scenario: Scenario, people: Sequence[str]) -> dict[str, str]:
    """Submit a control for each of them; returns what its verdict must be, by participant."""
    archives, controls = [], controls_of(scenario)
    for number in range(len(people)):
        name = controls[number % len(controls)]
        with staging.folder() as scratch:
            archives.append((name, pack(stage_control(scenario, name, scratch))))
    expected = {}
    for who, (name, archive) in zip(people, archives, strict=True):
        store.submit(context, desk_namespace(workshop, who), scenario.lab.id, archive)
        expected[who] = "pass" if scenario.controls[name].fails is None else "fail"
    return expected


def judged(context: str, workshop: str, within_s: float) -> list[Submission]:
    """All submissions once each has its verdict.

    Raises:
        TimeoutError: some have none after `within_s` seconds.
    """
    give_up = time.monotonic() + within_s
    while time.monotonic() < give_up:
        found = list(store.snapshot(context, workshop).submissions)
        if all(one.state is State.DONE for one in found):
            return found
        time.sleep(LOOK_S)
    raise TimeoutError(f"not every submission had a verdict after {within_s:.0f} s")


def verdicts(done: Sequence[Submission], expected: dict[str, str]) -> list[tuple[str, str]]:
    """Rows about exams; a false verdict is the opposite of the right one."""
    wrong = [one for one in done if {one.verdict, expected[one.namespace.rpartition("--")[2]]} == {"pass", "fail"}]
    waits = [_moment(one.started) - _moment(one.created) for one in done if one.started]
    return [
        ("submissions at once", str(len(done))),
        ("false verdicts", str(len(wrong))),
        ("invalid after all tries", str(sum(one.verdict == "invalid" for one in done))),
        ("tries that were invalid", str(sum(max(0, one.tries - 1) for one in done))),
        ("median seconds of an exam", f"{statistics.median(one.duration_s for one in done):.0f}"),
        ("longest wait for its beginning, seconds", f"{max(waits):.0f}"),
    ]


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def command() -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.workshop", description="A workshop on this machine's cluster.")
    parser.add_argument("lab", metavar="LAB")
    parser.add_argument("--participants", type=int, default=30)
    parser.add_argument("--submissions", type=int, default=10)
    parser.add_argument("--write", action="store_true", help="put the table into docs/workshop.md")
    options = parser.parse_args()
    asked = ["workshop", options.lab, "--participants", options.participants, "--submissions", options.submissions]
    made = made_by(list(map(str, asked)), in_use())
    rows = measure(options.lab, options.participants, min(options.submissions, options.participants))
    publish("workshop", f"{made}\n\n{table(['what', 'measured'], rows)}", options.write, Path(PAGE))
    return 0


if __name__ == "__main__":
    main(command)
