"""The resumable-pipeline lab's parts: the platform's modules, and the platform and the runner as real processes."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from grader.course import files
from grader.course.patch import File
from grader.course.spec import Lab, Scenario
from infra.images.venvs import environment
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

ROOT = Path(__file__).resolve().parents[2]
LAB, EXAM = ROOT / "labs" / "resumable-pipeline", ROOT / "scenarios" / "resumable-pipeline"
PLATFORM, RUNNER = LAB / "platform", ROOT / "labs" / "cast" / "runner"
TOKEN = "a-token-of-the-test"
PATIENCE_S = 90.0


def files_of(control: str) -> dict[str, File]:
    """A control's files, by their paths below `pipeline`."""
    edited = Scenario(EXAM, Lab(LAB)).edited(control)
    return {str(path.relative_to("pipeline")): file for path, file in edited.items()}


@contextmanager
def service(image: str, main: Path, **variables: str) -> Iterator[None]:
    """A Python service of an image, until the end of the block."""
    python = environment(image) / "bin" / "python"
    settings = {**os.environ, "OPENBLAS_NUM_THREADS": "1", **variables}
    process = subprocess.Popen([str(python), str(main)], env=settings, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.send_signal(signal.SIGCONT)  # a job may have stopped it
        process.wait()


@dataclass(frozen=True)
class Running:
    """A platform and a runner with one candidate's code."""

    desk: str
    pages: str
    control: str
    artefacts: Path
    client: httpx.Client

    def ask(self, path: str, **json: Any) -> httpx.Response:
        """A call of the control port."""
        method = "POST" if json else "GET"
        headers = {"authorization": f"Bearer {TOKEN}"}
        return self.client.request(method, f"{self.control}{path}", json=json or None, headers=headers)

    def nights(self) -> list[dict[str, Any]]:
        """The page of nights."""
        found: list[dict[str, Any]] = self.client.get(f"{self.pages}/nights").json()
        return found

    def all_nights(self, seed: int) -> list[dict[str, Any]]:
        """Begin the nights of a seed and wait for the last."""
        assert self.ask("/plan", seed=seed).status_code == 200
        eventually(lambda: self.ask("/ledger").json()["over"] == 12, PATIENCE_S)
        return self.nights()


@contextmanager
def running(code: Path, folder: Path) -> Iterator[Running]:
    """The platform and the runner over a folder of code that does not need Prefect."""
    ports = [f"127.0.0.1:{free_port()}" for _ in range(4)]
    (folder / "artefacts").mkdir()
    (folder / "data").mkdir()
    shared = {"ARTEFACTS": str(folder / "artefacts")}
    own = {"CODE": str(code), "ENTRY": "flow:run", "PRELOAD": "numpy, httpx", "DATA_DIR": str(folder / "data")}
    own |= {"LISTEN": ports[3], "PLATFORM": f"http://{ports[0]}", "TMPDIR": str(folder)}
    desk = {"LISTEN": ports[0], "PAGES": ports[1], "CONTROL": ports[2], "RUNNER": f"http://{ports[3]}"}
    with ExitStack() as stack:
        stack.enter_context(service("flows", RUNNER / "main.py", **own, **shared))
        stack.enter_context(service("core", PLATFORM / "main.py", **desk, **shared, BROWNOUT_TOKEN=TOKEN))
        client = stack.enter_context(httpx.Client(timeout=PATIENCE_S))
        found = Running(*(f"http://{port}" for port in ports[:3]), folder / "artefacts", client)
        eventually(lambda: answers(f"{found.pages}/runner", client), PATIENCE_S)
        yield found


def code_of(control: str, folder: Path) -> Path:
    """A folder with a control's pipeline, with a Prefect that does nothing: what the flow is called by is not under
    test here, and costs a server."""
    code = folder / "code"
    for path, file in files_of(control).items():
        files.write(code / path, file.data, file.executable)
    prefect = code / "prefect"
    prefect.mkdir()
    (prefect / "__init__.py").write_text("def flow(**_):\n    return lambda function: function\ntask = flow\n")
    (prefect / "cache_policies.py").write_text("NO_CACHE = None\n")
    return code
