"""How the generator ends: stopped, orphaned, or because the scenario is broken."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.grader.load.load_helpers import Server, events, go, launch, plan


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_writes_what_there_is(tmp_path: Path, server: Server, number: signal.Signals) -> None:
    process = launch(tmp_path, plan(tmp_path, server.address, seconds=60, path="/silent", timeout_s=30))
    go(process)
    time.sleep(1.0)
    process.send_signal(number)
    process.communicate(timeout=20)  # the answers take 30 s, the plan 60

    *seen, footer = events(tmp_path / "events.jsonl")

    assert process.returncode == 0
    assert footer == {"end": True, "events": len(seen), "reason": "stopped"}
    assert len(seen) >= 3 and {(e["error"], e["done"]) for e in seen} == {("cut", None)}


def test_it_ends_when_its_parent_is_killed(tmp_path: Path, server: Server) -> None:
    order = tmp_path / "plan.json"
    order.write_text(json.dumps({**plan(tmp_path, server.address, seconds=60), "start_at": time.time()}))
    code = (
        "import subprocess, sys, time\n"
        f"p = subprocess.Popen([sys.executable, '-m', 'grader.load', {str(order)!r}])\n"
        "print(p.pid, flush=True)\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert _until(lambda: (tmp_path / "events.jsonl").exists() and events(tmp_path / "events.jsonl"))
    parent.kill()
    parent.communicate()

    assert _until(lambda: not _alive(child))
    assert events(tmp_path / "events.jsonl")[-1]["reason"] == "stopped"


def test_an_unused_generator_ends_with_its_stdin(tmp_path: Path, server: Server) -> None:
    process = launch(tmp_path, plan(tmp_path, server.address))
    _, errors = process.communicate("", timeout=30)

    assert process.returncode == 2
    assert errors == "stdin: ended before it gave start_at\n"


@pytest.mark.parametrize(
    ("bug", "sentence"), [("request", "request(3) failed: RuntimeError"), ("check", "check failed: RuntimeError")]
)
def test_a_broken_load_file_ends_with_70_and_a_sentence(
    tmp_path: Path, server: Server, bug: str, sentence: str
) -> None:
    process = launch(tmp_path, plan(tmp_path, server.address, bug=bug))
    go(process)
    _, errors = process.communicate(timeout=30)

    assert process.returncode == 70
    assert sentence in errors and errors.count("\n") == 1
    assert events(tmp_path / "events.jsonl")[-1]["reason"] == "stopped"


def test_a_load_file_that_cannot_be_imported_ends_with_70(tmp_path: Path, server: Server) -> None:
    order = plan(tmp_path, server.address)
    (tmp_path / "load.py").write_text("import nothing_of_that_name")
    process = launch(tmp_path, order)
    _, errors = process.communicate(timeout=30)

    assert process.returncode == 70
    assert "cannot be imported" in errors and errors.count("\n") == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"speed": 3}, "speed: Extra inputs"), ({"trials": []}, "trials: "), ({"keep": 0}, "keep: ")],
)
def test_a_bad_plan_is_refused_with_its_key(
    tmp_path: Path, server: Server, change: dict[str, Any], sentence: str
) -> None:
    process = launch(tmp_path, {**plan(tmp_path, server.address), **change})
    _, errors = process.communicate(timeout=30)

    assert process.returncode == 2
    assert sentence in errors


def test_a_reader_that_follows_sees_whole_lines_but_for_the_last(tmp_path: Path, server: Server) -> None:
    process = launch(tmp_path, plan(tmp_path, server.address, seconds=2, rate=200))
    go(process)
    out = tmp_path / "events.jsonl"
    while process.poll() is None:
        whole, _, _ = (out.read_bytes() if out.exists() else b"").rpartition(b"\n")
        assert all(json.loads(line) for line in whole.splitlines())
        time.sleep(0.005)
    process.communicate()

    assert len(events(out)) == 401


def test_importing_what_load_files_use_does_not_import_locust() -> None:
    code = (
        "import sys, grader.load, grader.load.plan, grader.load.schedule\n"
        "print({'locust', 'gevent'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"


def test_the_metronome_echoes_and_ends_with_its_parent() -> None:
    import http.client

    code = "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'grader.metronome'])"
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    port = json.loads(parent.stdout.readline())["port"]
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        for _ in range(3):
            connection.request("GET", "/")
            stretch, pace = map(float, connection.getresponse().read().split())
            assert stretch >= 0.9
            assert pace > 0
        connection.close()
    finally:
        parent.kill()
        parent.communicate()

    assert _until(lambda: not _listens(port))


def _until(condition: Any, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _listens(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
