"""A sealed service on loopback with a control port, a scenario folder, and the real `python -m grader.chaos`."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

EXAM = '''
import time
def always(value):
    return value
def crash():
    raise RuntimeError("no such luck")
def mark(path):
    open(path, "a").write("x")
def sleep(seconds):
    time.sleep(seconds)
def stub_runtime(kills):
    """Put a deployment in place that writes down what is done to it."""
    import grader.faults, infra.errors
    class Stub:
        def kill(self, service):
            if service == "gone":
                raise infra.errors.PlatformBroken("the daemon is gone")
            open(kills, "a").write(service)
    grader.faults.current().deployment = Stub
'''


class Sealed(ThreadingHTTPServer):
    """Takes `{"mode": ...}` on POST /mode with the token `secret`; GET / answers as the mode says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mode = "ok"
        self.address = f"127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: Sealed

    def do_GET(self) -> None:
        mode = self.server.mode
        if mode == "slow":
            time.sleep(0.4)
        self._answer(500 if mode == "error" else 200, json.dumps({"mode": mode}).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers["authorization"] != "Bearer secret":
            return self._answer(401, b"{}")
        self.server.mode = json.loads(body)["mode"]
        return self._answer(200, body)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def step(kind: str, name: str, func: str, *, module: str = "grader.faults", **rest: Any) -> dict[str, Any]:
    """A step; `tolerance`, `pauses` and `background` go beside the provider, the rest are its arguments."""
    beside = {key: rest.pop(key) for key in ("tolerance", "pauses", "background") if key in rest}
    return {
        "type": kind,
        "name": name,
        "provider": {"type": "python", "module": module, "func": func, "arguments": rest},
        **beside,
    }


def scenario(folder: Path, method: list[Any], hypothesis: list[Any] | None = None, rollbacks: Any = None) -> Path:
    """A scenario folder's experiment.yaml, beside an exam.py."""
    (folder / "exam.py").write_text(EXAM)
    experiment = {
        "title": "t",
        "description": "d",
        "steady-state-hypothesis": {"title": "sealed parts are healthy", "probes": hypothesis or []},
        "method": method,
        "rollbacks": rollbacks or [],
    }
    path = folder / "experiment.yaml"
    path.write_text(yaml.safe_dump(experiment))
    return path


def launch(folder: Path, experiment: Path, address: str = "", **change: Any) -> subprocess.Popen[str]:
    """The experiment's process, started at once."""
    plan = {
        "experiment": str(experiment),
        "deployment": {"runtime": "process", "name": "none", "addresses": {"model:9000": address}, "token": "secret"},
        "module_path": str(folder),
        "start_at": time.time(),
        "steps": str(folder / "steps.jsonl"),
        "journal": str(folder / "journal.json"),
        "trial": "wrong.0",
        "phases": [{"phase": "only", "start": 0.0, "seconds": 60.0, "rate": 0.0}],
        **change,
    }
    order = folder / "plan.json"
    order.write_text(json.dumps(plan))
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-m", "grader.chaos", str(order)], text=True, **pipes)


def run(folder: Path, experiment: Path, address: str = "", **change: Any) -> tuple[int, str, list[dict[str, Any]]]:
    """Exit code, stderr, and the steps without the footer."""
    process = launch(folder, experiment, address, **change)
    _, errors = process.communicate(timeout=60)
    return process.returncode, errors, steps(folder)


def steps(folder: Path) -> list[dict[str, Any]]:
    """The recorded steps."""
    path = folder / "steps.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return [event for event in map(json.loads, lines) if "end" not in event]
