"""What the live page costs beside a running lab, and whether an open one changes a verdict.

Exams of one submission in pairs with one seed: with the page open in a real browser, and without any. Which comes first
changes from pair to pair. Between the pairs the page is looked at for a while, for what it costs on an ordinary day.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from benchmarks.machine import in_use, made_by, main
from benchmarks.tables import publish, quartiles, table
from grader.course import catalog, files
from grader.course.control import SHIPPED
from grader.errors import BadInput, Unproven
from grader.practice import workspace
from grader.practice.live import record
from infra import own

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
IDLE_S = 20.0


@dataclass(frozen=True)
class Exam:
    """One exam: its verdict, the objectives that were missed, how long it took, and how busy the machine was."""

    verdict: str
    missed: tuple[str, ...]
    seconds: float
    busiest: float


@dataclass(frozen=True)
class Cost:
    """What the page's server used: share of one core, and resident memory in bytes, its own part of what is shared."""

    cores: float
    memory: int


def lab(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `lab`; raises Unproven where it ends with a fault of ours."""
    done = subprocess.run(own.command("grader.cli", *arguments), env=own.environment(), capture_output=True, text=True)
    if done.returncode not in (0, 1, 3):
        raise Unproven("platform", f"lab {' '.join(arguments)}: {done.stderr.strip()[-300:]}")
    return done


def exam(lab_id: str, seed: int) -> Exam:
    """Grade the workspace."""
    with tempfile.TemporaryDirectory() as folder:
        result = json.loads(lab("grade", lab_id, "--seed", str(seed), "--out", f"{folder}/run", "--json").stdout)
    missed = tuple(one["id"] for one in result["objectives"] if one["verdict"] == "fail")
    busiest = max(trial["busiest"] for trial in result["trials"])
    return Exam(result["verdict"], missed, result["duration_s"], busiest)


@contextmanager
def page(lab_id: str) -> Iterator[psutil.Process]:
    """The page of a lab, served and open in a browser; gives the server's process."""
    from playwright.sync_api import sync_playwright

    errors = subprocess.DEVNULL
    with subprocess.Popen(
        own.command("grader.cli.live_alone", lab_id), env=own.environment(), stderr=errors
    ) as process:
        while not record.kept(lab_id).served:
            if process.poll() is not None:
                raise Unproven("platform", f"the page of {lab_id} did not start")
            time.sleep(0.05)
        with sync_playwright() as driver:
            chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            opened = chromium.new_page(viewport={"width": 1400, "height": 900})
            opened.goto(record.kept(lab_id).url)
            opened.wait_for_selector("#services tbody tr")
            yield psutil.Process(process.pid)
            chromium.close()
        process.terminate()


def costs(server: psutil.Process, seconds: float) -> Cost:
    """What the server uses in the next seconds."""
    before = sum(server.cpu_times()[:2])
    time.sleep(seconds)
    used = sum(server.cpu_times()[:2]) - before
    return Cost(used / seconds, server.memory_full_info().pss)


@contextmanager
def submitted(lab_id: str, control: str) -> Iterator[None]:
    """The workspace as a control has it, meanwhile.

    Raises:
        BadInput: somebody works in it, or there is no such control.
    """
    if workspace.exists(lab_id) and workspace.changes(lab_id):
        raise BadInput(f"work/{lab_id} is not as the lab ships: `lab reset {lab_id}` first, which keeps a copy")
    scenario = catalog.find_scenario(catalog.find_lab(lab_id))
    if control not in scenario.controls:
        raise BadInput(f"there is no control {control!r}; there are: {', '.join(scenario.controls)}")
    workspace.create(lab_id)
    edited = scenario.edited(control)
    for path in scenario.edited(SHIPPED).keys() - edited.keys():
        (workspace.folder(lab_id) / path).unlink()
    for path, file in edited.items():
        files.write(workspace.folder(lab_id) / path, file.data, file.executable)
    try:
        yield
    finally:
        workspace.reset(lab_id)


def rows(pairs: Sequence[tuple[Exam, Exam]], idle: Sequence[Cost]) -> list[list[str]]:
    """Without and with the page: verdicts, time, how busy; and what the server used."""
    found = []
    for n, name in enumerate(("no page", "page open")):
        exams = [pair[n] for pair in pairs]
        passed = sum(one.verdict == "pass" for one in exams)
        invalid = sum(one.verdict == "invalid" for one in exams)
        busiest = f"{statistics.median(one.busiest for one in exams):.1f}"
        found.append([name, str(len(exams)), str(passed), str(invalid), quartiles([e.seconds for e in exams]), busiest])
    changed = sum(a.verdict != b.verdict or a.missed != b.missed for a, b in pairs)
    found.append(["pairs that differ in verdict or objectives", str(changed), "", "", "", ""])
    if idle:
        found.append(["the server: of one core", f"{statistics.median(one.cores for one in idle):.3f}", "", "", "", ""])
        found.append(["the server: MB", f"{max(one.memory for one in idle) / 1e6:.0f}", "", "", "", ""])
    return found


def command() -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.live", description="What the live page costs, and changes.")
    parser.add_argument("lab", nargs="?", default="canary")
    parser.add_argument("--control", default="reference")
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args()
    if not os.access(CHROMIUM, os.X_OK):
        raise BadInput("there is no chromium on this machine: install it")
    above = made_by(["live", options.lab, "--control", options.control, "--pairs", str(options.pairs)], in_use())
    pairs: list[tuple[Exam, Exam]] = []
    idle: list[Cost] = []
    with submitted(options.lab, options.control):
        lab("start", options.lab)
        try:
            for seed in range(1, options.pairs + 1):
                first = exam(options.lab, seed) if seed % 2 else None
                with page(options.lab) as server:
                    idle.append(costs(server, IDLE_S))
                    opened = exam(options.lab, seed)
                pairs.append((first or exam(options.lab, seed), opened))
                print(f"{seed}: {pairs[-1][0].verdict} without, {opened.verdict} with", flush=True)
        finally:
            lab("stop", options.lab)
    head = ("exams", "n", "passed", "invalid", "seconds", "busiest")
    publish("live", f"{above}\n\n{table(head, rows(pairs, idle))}", options.write)
    return 0


if __name__ == "__main__":
    main(command)
