"""The runner beside a candidate's code whose modules have the names of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.images.venvs import environment
from tests.labs.cast.conftest import CAST
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

FOR_PREFECT = ("built_models", "no_events", "no_heartbeat")
OURS = sorted(path.stem for path in (CAST / "runner").glob("*.py") if path.stem not in FOR_PREFECT)


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[str]:
    for name in OURS:
        (tmp_path / f"{name}.py").write_text(f"WHOSE = 'mine {name}'\n")
    names = ", ".join(OURS)
    (tmp_path / "flow.py").write_text(f"import {names}\n\ndef go():\n    print([m.WHOSE for m in ({names},)])\n")
    with serving(tmp_path) as url:
        yield url


@contextmanager
def serving(code: Path, image: str = "core", **more: str) -> Iterator[str]:
    """A runner over a folder of code; its URL."""
    here = f"127.0.0.1:{free_port()}"
    as_anybody = ["setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace"] if os.geteuid() == 0 else []
    process = subprocess.Popen(
        [*as_anybody, str(environment(image) / "bin" / "python"), str(CAST / "runner" / "main.py")],
        env={**os.environ, "LISTEN": here, "CODE": str(code), "ENTRY": "flow:go", **more},
    )
    try:
        eventually(lambda: answers(f"http://{here}/healthz"))
        yield f"http://{here}"
    finally:
        process.kill()
        process.wait()


def log(runner: str, name: str) -> str:
    """What a run of that name says, which must end well."""

    def look() -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{runner}/runs/{name}", trust_env=False).json()
        return found

    httpx.post(f"{runner}/runs", json={"name": name}, trust_env=False)
    eventually(lambda: look()["state"] == "ended")
    assert look()["code"] == 0, look()["log"]
    return str(look()["log"]).strip()


def test_the_candidates_modules_are_theirs(runner: str) -> None:
    assert log(runner, "a") == str([f"mine {name}" for name in OURS])


def test_what_the_code_imports_is_imported_already(tmp_path: Path) -> None:
    (tmp_path / "flow.py").write_text(
        "import sys\nHAD = [name in sys.modules for name in ('wave', 'xml.dom')]\n"
        "def go():\n    import wave  # not xml.dom\n    print(HAD)\n"
    )

    with serving(tmp_path, SHELF="wave, xml.dom") as runner:
        before = log(runner, "a")
        (tmp_path / "more.py").write_text("from xml import dom\n")
        after = log(runner, "b")

    assert (before, after) == ("[True, False]", "[True, True]")


def test_what_a_run_opens_is_not_closed_by_what_the_runner_had_open(tmp_path: Path) -> None:
    """The runner's own objects are garbage in a run. Collected, they must not close files by the numbers of theirs."""
    (tmp_path / "flow.py").write_text(
        "import gc, os\n"
        "def go():\n"
        "    mine = [os.open(os.devnull, os.O_RDONLY) for _ in range(16)]\n"
        "    gc.collect()\n"
        "    print(sum(os.path.exists(f'/proc/self/fd/{each}') for each in mine), 'of', len(mine), 'are open')\n"
    )
    with serving(tmp_path) as url:
        assert [log(url, name) for name in ("first", "second")] == ["16 of 16 are open"] * 2


def test_a_run_reaches_its_own_memory_and_not_the_runners(tmp_path: Path) -> None:
    (tmp_path / "flow.py").write_text(
        "import os\nimport signal\n\n"
        "def can(pid):\n"
        "    try:\n"
        "        open(f'/proc/{pid}/mem', 'r+b').close()\n"
        "    except PermissionError:\n"
        "        return False\n"
        "    return True\n\n"
        "def go():\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        signal.pause()\n"
        "    print(can(os.getpid()), can(child), can(os.getppid()))\n"
    )
    with serving(tmp_path) as url:
        assert log(url, "first") == "True True False"
