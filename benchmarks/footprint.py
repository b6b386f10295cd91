"""Memory of the grader itself: what an exam needs beside the system that it examines.

    .venv/bin/python -m benchmarks.footprint [--lab canary] [--runtime k8s] [--at-once 2] [--write]

Grades the reference, once alone and then several times at once, and adds up, twice a second, the memory of every
process that judges, loads, injects faults or keeps time, in the cluster too if its nodes are this machine. Pages that
processes share are split between them (PSS), so that the sum is what the machine has less of. Linux; as root where they
are not all ours.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.exams import seed_of
from benchmarks.machine import in_use, made_by, main
from benchmarks.startup import LAB, MB, SAMPLE_S
from benchmarks.tables import publish, table
from grader.course.catalog import find_lab, find_scenario
from grader.errors import BadInput
from grader.intake import staging
from grader.intake.controls import stage_control
from infra.runtime import runtime

ROLES = {
    "load": ("grader.load",),
    "experiments": ("grader.chaos",),
    "metronome": ("grader.metronome",),
    "link to the cluster": ("infra.k8s.keeper", "/agent.py"),
    "judge": ("/lab grade ",),
}
"""By what is found in the command line: forks have that of their parent, and what stands here for a process in the
cluster (`infra.k8s.carry`) names its module."""


@dataclass(frozen=True)
class Used:
    """Bytes of all processes of a role, and how many there are."""

    memory: int = 0
    processes: int = 0


def role(command: str) -> str | None:
    """The role of a process by its command line, if it is one of the grader's."""
    return next((name for name, signs in ROLES.items() if any(sign in f"{command} " for sign in signs)), None)


def used() -> dict[str, Used]:
    """What the grader's processes use now.

    Raises:
        BadInput: one of them may not be looked into.
    """
    found: dict[str, Used] = defaultdict(Used)
    for process in psutil.process_iter(["cmdline"]):
        name = role(" ".join(process.info["cmdline"] or ()))
        if name is None:
            continue
        try:
            memory = process.memory_full_info().pss
        except psutil.AccessDenied as error:
            raise BadInput(f"process {process.pid} belongs to somebody else; measure as root") from error
        except psutil.Error:
            continue
        found[name] = Used(found[name].memory + memory, found[name].processes + 1)
    return dict(found)


def total(use: Mapping[str, Used]) -> int:
    """Bytes of all roles."""
    return sum(one.memory for one in use.values())


def at_once(lab_id: str, place: str, count: int) -> dict[str, Used]:
    """The most that so many exams used at a moment of their course.

    Raises:
        BadInput: one of them failed.
    """
    scenario = find_scenario(find_lab(lab_id))
    reference = next(name for name, control in scenario.controls.items() if control.kind == "reference")
    with staging.folder() as staged, tempfile.TemporaryDirectory(prefix="brownout-footprint-") as out:
        submission = stage_control(scenario, reference, staged).path
        exams = []
        try:
            for number in range(count):
                seed = str(seed_of("footprint", place, count, number))
                command = [str(LAB), "grade", lab_id, "--submission", str(submission), "--runtime", place]
                command += ["--seed", seed, "--out", f"{out}/{number}"]
                with Path(out, f"{number}.log").open("wb") as log:
                    exams.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log))
            most: dict[str, Used] = {}
            while any(exam.poll() is None for exam in exams):
                most = max(most, used(), key=total)
                time.sleep(SAMPLE_S)
        finally:
            for exam in exams:
                exam.terminate()
            for exam in exams:
                exam.wait()
        for number, exam in enumerate(exams):
            if exam.returncode not in (0, 3):  # several at once may be too much for this machine to tell
                said = Path(out, f"{number}.log").read_text("utf-8", "replace").strip()[-600:]
                raise BadInput(
                    f"the reference of {lab_id} on {place}: `lab grade` ended with {exam.returncode}: {said}"
                )
    return most


def report(alone: Mapping[str, Used], several: Mapping[str, Used], count: int) -> str:
    """Table: by role, MB of an exam that is alone, and of each of `count` at once."""
    names = [name for name in ROLES if name in alone]
    lines = [
        [name, str(alone[name].processes), _mb(alone[name].memory), _mb(several.get(name, Used()).memory / count)]
        for name in names
    ]
    further = (total(several) - total(alone)) / (count - 1)
    processes = sum(alone[name].processes for name in names)
    lines.append(["**all**", str(processes), _mb(total(alone)), _mb(total(several) / count)])
    head = ["process", "how many", "MB, one exam", f"MB an exam, {count} at once"]
    return f"{table(head, lines)}\n\nEach further exam at the same time: {_mb(further)} MB."


def _mb(size: float) -> str:
    return f"{size / MB:.0f}"


def command() -> int:
    """Measure and print the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.footprint", description="Memory of the grader itself.")
    parser.add_argument("--lab", default="canary")
    parser.add_argument("--runtime", default="k8s")
    parser.add_argument("--at-once", type=int, default=2, metavar="N", help="exams side by side, 2 or more")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args()
    if options.at_once < 2:
        raise BadInput("--at-once: 2 or more; one exam alone is measured in any case")
    if sys.platform != "linux":
        raise BadInput("what processes share is told by Linux only")
    runtime(options.runtime).check()
    others = in_use()
    text = report(
        at_once(options.lab, options.runtime, 1),
        at_once(options.lab, options.runtime, options.at_once),
        options.at_once,
    )
    arguments = ["footprint", "--lab", options.lab, "--runtime", options.runtime, "--at-once", str(options.at_once)]
    publish("footprint", f"{made_by(arguments, others)}\n\n{text}\n", options.write)
    return 0


if __name__ == "__main__":
    main(command)
