"""The runner beside a candidate's code whose modules have the names of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.images.venvs import environment
from tests.labs.cast.conftest import CAST, free_port
from tests.labs.cast.fault_proxy_helpers import eventually

OURS = sorted(path.stem for path in (CAST / "runner").glob("*.py") if path.stem != "no_heartbeat")


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[str]:
    for name in OURS:
        (tmp_path / f"{name}.py").write_text(f"WHOSE = 'mine {name}'\n")
    names = ", ".join(OURS)
    (tmp_path / "flow.py").write_text(f"import {names}\n\ndef go():\n    print([m.WHOSE for m in ({names},)])\n")
    here = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [str(environment("core") / "bin" / "python"), str(CAST / "runner" / "main.py")],
        env={**os.environ, "LISTEN": here, "CODE": str(tmp_path), "ENTRY": "flow:go"},
    )
    yield f"http://{here}"
    process.kill()
    process.wait()


def test_the_candidates_modules_are_theirs(runner: str) -> None:
    def look() -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{runner}/runs/a", trust_env=False).json()
        return found

    eventually(lambda: _answers(runner))
    httpx.post(f"{runner}/runs", json={"name": "a"}, trust_env=False)
    eventually(lambda: look()["state"] == "ended")

    assert look()["code"] == 0, look()["log"]
    assert look()["log"].strip() == str([f"mine {name}" for name in OURS])


def _answers(runner: str) -> bool:
    try:
        return httpx.get(f"{runner}/healthz", trust_env=False).is_success
    except httpx.TransportError:
        return False
