"""`lab grade` killed at random moments, two of them side by side: nothing stays behind, and the next run is right.

Two at once see what one alone cannot: parts that an end leaves since another exam is still there.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from grader.course.catalog import find_lab, find_scenario, lab_ids, root
from grader.intake.controls import stage_control
from infra.errors import RuntimeUnavailable
from infra.home import home
from infra.runtime import runtime, runtimes

LAB = "latency-spike"
MOMENTS = int(os.environ.get("BROWNOUT_KILLS", "20"))
"""CI has time for fewer."""
AT_ONCE = 2
LONGEST_S = {"process": 15.0, "compose": 19.0, "k8s": 19.0}  # what its exam takes beside another, or less
GONE_S = 20.0
PARTS = ("grader.load", "grader.chaos", "grader.metronome", "infra.process.supervisor", "cast/")


@pytest.fixture(params=sorted(runtimes()))
def place(request: pytest.FixtureRequest) -> Iterator[str]:
    try:
        runtime(request.param).check()
    except RuntimeUnavailable as error:
        pytest.skip(str(error))
    yield request.param


def ours(scratch: Path) -> set[str]:
    """What the lab has running or lying about: processes that name this checkout, its state or `scratch`; containers,
    networks, volumes; state folders."""
    places = (str(root()), str(home()), str(scratch))
    found = set()
    for process in psutil.process_iter(["pid", "cmdline"]):
        words = " ".join(process.info["cmdline"] or [])
        if any(part in words for part in PARTS) and any(place in words for place in places):
            found.add(f"{process.info['pid']} {words[:80]}")
    folder = home() / "deployments"
    found |= {f"state {path.name}" for path in folder.iterdir()} if folder.is_dir() else set()
    for kind in ("container", "network", "volume"):
        everything = ["-a"] if kind == "container" else []
        listed = subprocess.run(
            ["docker", kind, "ls", *everything, "-q", "--filter", "label=brownout.deployment"],
            capture_output=True,
            text=True,
            check=False,
        )
        found |= {f"{kind} {line}" for line in listed.stdout.split()}
    return found


def command(*words: str) -> subprocess.Popen[bytes]:
    """`lab`, with these words."""
    whole = [sys.executable, "-m", "grader.cli", *words]
    return subprocess.Popen(whole, cwd=root(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def grade(place: str, submission: Path, out: Path) -> subprocess.Popen[bytes]:
    where = ["--runtime", place, "--submission", str(submission), "--out", str(out)]
    return command("grade", LAB, *where, "--seed", "3")


@pytest.mark.proof
@pytest.mark.timeout(1500)
@pytest.mark.skipif(LAB not in lab_ids(), reason=f"no lab {LAB}")
def test_a_killed_exam_leaves_nothing_and_the_next_is_right(place: str, tmp_path: Path) -> None:
    submission = stage_control(find_scenario(find_lab(LAB)), "reference", tmp_path / "submission").path
    before = ours(tmp_path)
    rng = random.Random(f"{place}:11")
    moments = sorted(rng.uniform(0.2, LONGEST_S[place]) for _ in range(MOMENTS))

    for n in range(0, MOMENTS, AT_ONCE):
        killed = moments[n : n + AT_ONCE]
        began = time.monotonic()
        exams = [grade(place, submission, tmp_path / f"run-{n + k}") for k in range(len(killed))]
        for exam, moment in zip(exams, killed, strict=True):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            os.kill(exam.pid, rng.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM]))
        for exam in exams:
            exam.wait(30)
        deadline = time.monotonic() + GONE_S
        while (left := ours(tmp_path) - before) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not left, f"killed after {' and '.join(f'{moment:.1f}' for moment in killed)} s"

    assert not ours(tmp_path) - before, "it came back"
    assert command("doctor", "--clear").wait(60) == 0
    assert command("doctor").wait(60) == 0
    assert grade(place, submission, tmp_path / "last").wait(240) == 0
