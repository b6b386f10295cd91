"""`lab grade` ended by a signal: its exit code, and nothing left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from infra.process import family
from tests.grader.course import LAB, REPOSITORY
from tests.grader.exam.toy import Toy

PATIENCE_S = 60.0


def until(done: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def names(home: Path) -> list[str]:
    """Deployments that have a state folder."""
    folder = home / "deployments"
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


SLOW_START = "import time; time.sleep(40)"
"""Not waited for when an exam is ended."""

SAYS_CONTINUE = """
import socket, sys, threading
def talk(to):
    while True:
        to.sendall(b"HTTP/1.1 100 Continue\\r\\n\\r\\n")
host, _, port = sys.argv[1].rpartition(":")
door = socket.create_server((host, int(port)))
while True:
    threading.Thread(target=talk, args=(door.accept()[0],), daemon=True).start()
"""
"""Its readiness page says so for ever."""

SHORT = "from grader import cli, exam; exam.longest_s = lambda _: 3.0; cli.main()"
"""`lab` with three seconds for a whole exam."""

SWALLOWED = """
import os, sys
from grader import cli

def query(_):
    try:
        os.kill(os.getpid(), int(sys.argv[1]))
    except BaseException:
        raise RuntimeError("Query interrupted") from None  # what DuckDB makes of it

cli._dispatch = query
cli.main()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_that_comes_in_the_middle_of_a_query_is_not_lost(number: signal.Signals, code: int) -> None:
    command = [sys.executable, "-c", SWALLOWED, str(int(number))]

    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=PATIENCE_S)

    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.parametrize(
    ("number", "stage", "code", "before"),
    [
        (signal.SIGINT, "running", 130, ""),
        (signal.SIGTERM, "running", 143, ""),
        (signal.SIGTERM, "starting", 143, SLOW_START),
        (signal.SIGTERM, "starting", 143, SAYS_CONTINUE),
    ],
)
def test_an_exam_that_is_ended_leaves_nothing(
    toy: Toy, own_home: Path, tmp_path: Path, number: signal.Signals, stage: str, code: int, before: str
) -> None:
    toy.scenario(timeline=[{"phase": "steady", "seconds": 60, "rate": 20}])
    if before:
        toy.candidate(before=before)
    said = tmp_path / "stderr"
    with said.open("w") as stderr:
        exam = subprocess.Popen(
            [*LAB, *toy.command()],
            cwd=REPOSITORY,
            env=toy.course.environment,
            stdin=subprocess.DEVNULL,
            stdout=stderr,
            stderr=stderr,
        )
    until(lambda: stage in said.read_text() and bool(names(own_home)), said.read_text())
    there = names(own_home)
    family_of_it = psutil.Process(exam.pid).children(recursive=True)

    os.kill(exam.pid, number)

    assert exam.wait(PATIENCE_S / 2) == code, said.read_text()
    assert not names(own_home)
    assert "Traceback" not in said.read_text()
    until(lambda: not any(process.is_running() for process in family_of_it), "a child is left")
    assert not [process for name in there for process in family.marked(name)]
    assert not list((toy.course.root / ".brownout" / "stage").iterdir())


def test_an_exam_that_does_not_end_is_ended_and_is_no_fail(toy: Toy, own_home: Path) -> None:
    toy.scenario(timeline=[{"phase": "steady", "seconds": 60, "rate": 20}])
    command = [sys.executable, "-c", SHORT, *toy.command()]

    done = subprocess.run(command, cwd=REPOSITORY, env=toy.course.environment, capture_output=True, text=True)

    assert done.returncode == 3, done.stderr
    assert done.stderr.endswith("lab: the exam did not end within 3 s and was ended; run it again\n")
    assert not names(own_home)
