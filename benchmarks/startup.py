"""How fast a lab is there and how small it is.

    .venv/bin/python -m benchmarks.startup [PART]... [--lab canary] [--compose] [--k8s] [--times 5] [--write]

Parts: `commands` (`lab --help`, `lab list`), `clone` (fresh clone and empty package caches to the brief; needs a
network), `start` (a second start), `memory` (of a lab's processes under the exam's load), `exam` (of the lab as shipped
and of the reference). Default: all. Each prints a table. `--compose` adds rows for Docker Compose, `--k8s` for the
cluster of BROWNOUT_KUBE_CONTEXT. A candidate's workspaces are not touched: labs start in a temporary course.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.exams import Exam, seed_of, sit
from benchmarks.machine import ROOT, in_use, made_by, main
from benchmarks.tables import publish, table
from grader.course.catalog import find_lab, find_scenario, root
from grader.course.spec import Scenario, drawn
from grader.errors import BadInput
from grader.load.plan import LoadPlan, PlannedPhase, TrialPlan, write
from grader.practice import rig, workspace
from infra.runtime import Stats, runtime

LAB = Path(sys.executable).with_name("lab")
LOADED_S = 10.0
SAMPLE_S = 0.5
MB = 1_000_000


def timed(command: Sequence[str | Path], *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> float:
    """Seconds that a command takes; it and all it started end with us, whatever ends us.

    Raises:
        BadInput: it ends badly; carries the end of what it said.
    """
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
        try:
            code = process.wait()
        except BaseException:
            _end_group(process)
            raise
        took = time.perf_counter() - began
        if code:
            said.seek(0)
            end = said.read()[-600:].decode("utf-8", "replace").strip()
            raise BadInput(f"`{' '.join(map(str, command))}` ended with {code}: {end}")
    return took


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM to a command and its children, which clean up; SIGKILL to what is left of it after a while."""
    for number, patience in ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return


@contextlib.contextmanager
def course() -> Iterator[None]:
    """A temporary copy of the labs and exams, used by this process and by each `lab` it runs; all is stopped after."""
    before = os.environ.get("BROWNOUT_COURSE")
    with tempfile.TemporaryDirectory(prefix="brownout-course-") as scratch:
        for name in ("labs", "scenarios"):
            shutil.copytree(root() / name, Path(scratch) / name, ignore=shutil.ignore_patterns("__pycache__"))
        os.environ["BROWNOUT_COURSE"] = scratch
        try:
            yield
        finally:
            timed([LAB, "stop", "--all"])
            os.environ.pop("BROWNOUT_COURSE")
            if before is not None:
                os.environ["BROWNOUT_COURSE"] = before


def commands(options: argparse.Namespace) -> str:
    """Table of commands that must answer at once."""
    lines = []
    for arguments in (["--help"], ["list"]):
        timed([LAB, *arguments])
        took = [timed([LAB, *arguments]) for _ in range(10)]
        lines.append([f"`lab {' '.join(arguments)}`", f"{statistics.median(took):.3f}", f"{max(took):.3f}"])
    return table(["command, 10 times", "median s", "slowest s"], lines)


def clone(options: argparse.Namespace) -> str:
    """Table of a stranger's first minutes: HEAD, cloned, set up and started, with nothing in any cache."""
    with tempfile.TemporaryDirectory(prefix="brownout-clone-") as scratch:
        folder, env = Path(scratch) / "clone", stranger(Path(scratch))
        cloned = timed(["git", "clone", "--quiet", "--no-local", str(ROOT), str(folder)], env=env)
        try:
            set_up = timed(["make", "setup"], cwd=folder, env=env)
            started = timed(["make", f"lab-{options.lab}"], cwd=folder, env=env)
        finally:
            lab = folder / ".venv" / "bin" / "lab"
            if lab.exists():
                timed([lab, "stop", "--all"], cwd=folder, env=env)
    steps = [
        ("`git clone`", cloned),
        ("`make setup`, the first part of `make lab-" + options.lab + "`", set_up),
        ("the rest: image environment, start, all services healthy, brief", started),
        ("**fresh clone to brief**", cloned + set_up + started),
    ]
    return table(["step", "seconds"], [[name, f"{took:.1f}"] for name, took in steps])


def stranger(scratch: Path) -> dict[str, str]:
    """The environment of somebody who never ran this: no settings of ours, no virtual environment, empty caches."""
    mine = str(Path(sys.executable).parent)
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BROWNOUT_", "MAKE", "VIRTUAL_ENV", "PYTHON"))
    }
    env["PATH"] = os.pathsep.join(part for part in env["PATH"].split(os.pathsep) if part != mine)
    for name in ("UV_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME"):
        env[name] = str(scratch / name.lower())
    return env


def start(options: argparse.Namespace) -> str:
    """Table of starts of a lab that was started before."""
    lines = []
    for place in places(options):
        with course():
            command = [LAB, "start", options.lab, "--runtime", place]
            took = []
            for _ in range(1 + options.times):
                took.append(timed(command))
                timed([LAB, "stop", options.lab])
        again = took[1:]
        lines.append([place, str(len(again)), f"{statistics.median(again):.2f}", f"{max(again):.2f}"])
    return table(["second start, `lab start` to brief", "times", "median s", "slowest s"], lines)


def memory(options: argparse.Namespace) -> str:
    """Table of the most memory that a lab's processes used at once while they served the exam's highest rate."""
    lines = []
    for place in places(options):
        with course():
            timed([LAB, "start", options.lab, "--runtime", place])
            samples = loaded(find_scenario(find_lab(options.lab)))
        top = max(samples, key=total)
        largest = max(top, key=lambda name: top[name].memory_bytes)
        processes = sum(stats.processes for stats in top.values())
        size = f"{largest} {top[largest].memory_bytes / MB:.0f} MB"
        lines.append([place, str(processes), f"{total(top) / MB:.0f}", f"{total(samples[0]) / MB:.0f}", size])
    return table(["runtime", "processes", "most MB under load", "MB before", "largest service"], lines)


def total(stats: dict[str, Stats]) -> int:
    """Bytes of all services together."""
    return sum(one.memory_bytes for one in stats.values())


def loaded(scenario: Scenario) -> list[dict[str, Stats]]:
    """What the running lab's services used, before the load and then twice a second under it."""
    deployment = rig.require(scenario.lab.id)
    samples = [deployment.stats()]
    generator = subprocess.Popen(
        [sys.executable, "-m", "grader.load", str(load_plan(scenario))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    try:
        while generator.poll() is None:
            samples.append(deployment.stats())
            time.sleep(SAMPLE_S)
    finally:
        generator.kill()
        generator.communicate()
    if generator.returncode:
        raise BadInput(f"the load generator ended with {generator.returncode}")
    return samples


def load_plan(scenario: Scenario) -> Path:
    """A plan of the exam's highest rate against the running lab, written into its course."""
    lab = scenario.lab
    rate, busiest = max((max(p.rate for p in scenario.spec.phases(t.id)), t.id) for t in scenario.spec.trials)
    record = workspace.load(lab.id)
    folder = Path(tempfile.mkdtemp(prefix=f"{record.deployment}-", dir=root()))
    trial = TrialPlan(
        id="memory.0",
        load_file=scenario.load_file,
        parameters=drawn(scenario.spec.trial(busiest).parameters, random.Random(1)),
        seed=1,
        addresses=rig.addresses(lab, rig.require(lab.id)),
        phases=(PlannedPhase(phase="loaded", start=0.0, seconds=LOADED_S, rate=rate),),
        out=folder / "events.jsonl",
    )
    write(LoadPlan(start_at=time.time() + 2.0, trials=(trial,), keep=None, outstanding=2000), folder / "plan.json")
    return folder / "plan.json"


def exam(options: argparse.Namespace) -> str:
    """Table of whole exams: of the lab as shipped, which fails early, and of the reference."""
    scenario = find_scenario(find_lab(options.lab))
    chosen = {c.kind: name for name, c in scenario.controls.items() if c.kind in ("shipped", "reference")}
    lines = []
    for place in places(options):
        for kind, control in sorted(chosen.items(), reverse=True):
            exams = [_sit(scenario, control, place, number) for number in range(options.times)]
            took = [e.duration_s for e in exams]
            got = ", ".join(sorted({e.got for e in exams}))
            figures = [f"{statistics.median(took):.1f}", f"{max(took):.1f}"]
            lines.append([f"{place}, {kind}", str(len(exams)), got, *figures])
    return table(["exam of", "times", "verdicts", "median s", "longest s"], lines)


def _sit(scenario: Scenario, control: str, place: str, number: int) -> Exam:
    seed = seed_of("startup", place, control, number)
    return sit(scenario, control, runtime(place), number=number, machine="idle", seed=seed)


def places(options: argparse.Namespace) -> list[str]:
    """Runtimes to measure; raises RuntimeUnavailable for one that does not work here."""
    names = ["process", *more(options)]
    for name in names:
        runtime(name).check()
    return names


def more(options: argparse.Namespace) -> list[str]:
    """Runtimes that were asked for beside local processes."""
    return [name for name in ("compose", "k8s") if getattr(options, name)]


PARTS: dict[str, Callable[[argparse.Namespace], str]] = {
    "commands": commands,
    "clone": clone,
    "start": start,
    "memory": memory,
    "exam": exam,
}


def command() -> int:
    """Measure the chosen parts, each printed when it is there; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.startup", description="How fast a lab is there, how small it is.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; default all")
    parser.add_argument("--lab", default="canary")
    parser.add_argument("--compose", action="store_true", help="rows for Docker Compose as well")
    parser.add_argument("--k8s", action="store_true", help="rows for Kubernetes as well")
    parser.add_argument("--times", type=int, default=5, help="starts, and exams of each control")
    parser.add_argument("--write", action="store_true", help="put the tables into benchmarks/README.md")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        raise BadInput(f"there is no part {sorted(unknown)[0]!r}; there are: {', '.join(PARTS)}")
    for name in options.parts or PARTS:
        others = in_use()
        text = PARTS[name](options)
        publish(f"startup-{name}", f"{made_by(_arguments(name, options), others)}\n\n{text}\n", options.write)
    return 0


def _arguments(part: str, options: argparse.Namespace) -> list[str]:
    extra = [f"--{name}" for name in more(options)] if part in ("start", "memory", "exam") else []
    times = ["--times", str(options.times)] if part in ("start", "exam") else []
    return ["startup", part, "--lab", options.lab, *extra, *times]


if __name__ == "__main__":
    main(command)
