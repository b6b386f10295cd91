"""The drift lab's parts: the warehouse's modules, and both services as real processes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from infra.images.venvs import environment
from tests.labs.modules import importable
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

ROOT = Path(__file__).resolve().parents[3]
LAB, EXAM, WAREHOUSE = ROOT / "labs" / "drift", ROOT / "scenarios" / "drift", ROOT / "labs" / "cast" / "warehouse"
TOKEN = "a-token-of-the-test"


@pytest.fixture(scope="module")
def warehouse_modules() -> Iterator[None]:
    """The warehouse's modules can be imported."""
    with importable(WAREHOUSE):
        yield


@contextmanager
def service(image: str, main: Path, **variables: str) -> Iterator[None]:
    """A Python service of an image, until the end of the block."""
    python = environment(image) / "bin" / "python"
    process = subprocess.Popen([str(python), str(main)], env={**os.environ, "BROWNOUT_TOKEN": TOKEN, **variables})
    try:
        yield
    finally:
        process.kill()
        process.wait()


@dataclass(frozen=True)
class Running:
    """Where the processes are reached."""

    warehouse: str
    control: str
    monitor: str
    client: httpx.Client


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """A warehouse with the public streams, and the monitor as shipped."""
    ports = [free_port() for _ in range(3)]
    here = [f"127.0.0.1:{port}" for port in ports]
    plan = str(LAB / "public" / "plan.json")
    with ExitStack() as stack:
        stack.enter_context(
            service("core", WAREHOUSE / "main.py", LISTEN=here[0], CONTROL=here[1], PLAN=plan),
        )
        stack.enter_context(
            service("frames", LAB / "monitor" / "main.py", LISTEN=here[2], WAREHOUSE=f"http://{here[0]}"),
        )
        client = stack.enter_context(httpx.Client(timeout=10))
        urls = [f"http://{each}" for each in here]
        eventually(lambda: all(answers(f"{url}/healthz", client) for url in (urls[0], urls[2])))
        yield Running(*urls, client)
