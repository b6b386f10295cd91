"""Cores that are kept busy are let go, however the measurement ends; and what commit a row says it is of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from benchmarks.machine import kept
from grader.authoring.proving.checkout import commit

HOLD = """
from benchmarks.machine import kept
with kept("busy1") as busy:
    print(busy.processes[0].pid, flush=True)
    input()
"""


def test_as_many_spin_as_the_state_says_and_end_with_it() -> None:
    with kept("busy2") as busy:
        spinning = [psutil.Process(process.pid) for process in busy.processes]
        assert len(spinning) == 2
        busy.check()
    assert not any(process.is_running() for process in spinning)


def test_a_lost_one_is_noticed() -> None:
    with kept("busy1") as busy:
        busy.processes[0].kill()
        busy.processes[0].wait()
        with pytest.raises(RuntimeError, match="has ended"):
            busy.check()


def test_nothing_spins_on_when_the_measurement_is_killed() -> None:
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        spinner = psutil.Process(int(holder.stdout.readline()))
        os.kill(holder.pid, signal.SIGKILL)

    give_up = time.monotonic() + 20
    while spinner.is_running() and spinner.status() != psutil.STATUS_ZOMBIE and time.monotonic() < give_up:
        time.sleep(0.05)
    assert not spinner.is_running() or spinner.status() == psutil.STATUS_ZOMBIE


def test_rows_that_are_kept_do_not_make_a_commit_another_one(tmp_path: Path) -> None:
    rows, code = tmp_path / "benchmarks" / "data" / "rows.jsonl", tmp_path / "judge.py"
    rows.parent.mkdir(parents=True)
    rows.write_text("1\n")
    code.write_text("1\n")
    assert commit(tmp_path) == "unknown"
    identity = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
    for arguments in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "first"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)

    rows.write_text("1\n2\n")
    clean = commit(tmp_path)
    code.write_text("2\n")

    assert len(clean) == 7
    assert commit(tmp_path) == f"{clean}-dirty"
