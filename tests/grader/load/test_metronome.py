"""The metronome's work, on a machine with more work than cores."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

SPIN = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(10000))"


@pytest.fixture
def metronome() -> Iterator[http.client.HTTPConnection]:
    process = subprocess.Popen([sys.executable, "-m", "grader.metronome"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    connection = http.client.HTTPConnection("127.0.0.1", json.loads(process.stdout.readline())["port"], timeout=20)
    yield connection
    connection.close()
    process.terminate()
    process.wait(10)
    process.stdout.close()


def stretch(metronome: http.client.HTTPConnection) -> float:
    metronome.request("GET", "/")
    return float(metronome.getresponse().read())


def test_work_takes_longer_where_others_want_the_cores_too(metronome: http.client.HTTPConnection) -> None:
    cores = len(os.sched_getaffinity(0))
    spinning = [subprocess.Popen([sys.executable, "-S", "-c", SPIN]) for _ in range(6 * cores)]
    try:
        end, seen = time.monotonic() + 30, 0.0
        while seen < 2.5 and time.monotonic() < end:
            time.sleep(0.1)
            seen = max(seen, stretch(metronome))
    finally:
        for process in spinning:
            process.kill()
        for process in spinning:
            process.wait()

    assert seen >= 2.5


def test_its_worker_ends_with_it() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "grader.metronome"], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout
    process.stdout.readline()
    process.kill()
    process.communicate()

    end = time.monotonic() + 20
    while _group(process.pid):
        assert time.monotonic() < end, "the worker is left"
        time.sleep(0.05)


def _group(leader: int) -> bool:
    """Whether a process group has members that run."""
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True
