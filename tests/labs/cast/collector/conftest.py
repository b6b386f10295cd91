"""A collector as a real process, before a service with metrics that are as its path says."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.images.venvs import environment
from tests.labs.cast.conftest import CAST, TOKEN
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

NANO = 1_000_000_000
WORLD = Path(__file__).parent / "world"
GOOD = (
    b"# HELP tickets_total x\n# TYPE tickets_total counter\n"
    b'tickets_total{stage="scan",tenant="a"} 3.0\ntickets_total{stage="scan",tenant="b"} 4.0\n'
    b'tickets_total{stage="embed",tenant="a"} 5.0\n# TYPE tickets_created gauge\ntickets_created{stage="scan"} 1.7e9\n'
    b"# TYPE process_open_fds gauge\nprocess_open_fds 7.0\n# TYPE odd gauge\nodd NaN\n"
)


def many(series: int) -> bytes:
    """A page with so many series."""
    return b"".join(b'x{n="%d"} 1\n' % n for n in range(series))


BROKEN = {"/garbage": b"\xff\xfe", "/huge": b"# " + b"x" * (1 << 20), "/many": many(5001)}


class Service(ThreadingHTTPServer):
    """Behind the door. `hangs`: `/hangs` answers when it is set; `looked`: when each path was asked for."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.hangs = threading.Event()
        self.looked: dict[str, list[float]] = {}
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_: Any) -> None:
        pass


class _Answers(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self.server.looked.setdefault(self.path, []).append(time.monotonic())
        if self.path == "/hangs":
            self.server.hangs.wait(30)
        self._say(200, BROKEN.get(self.path, GOOD))

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._say(202, b"{}", self.path.rpartition("/")[2])

    def _say(self, status: int, body: bytes, trace: str = "") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        if trace:
            self.send_header("x-trace-id", trace)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def span(trace: str, id: str, parent: str = "", name: str = "ask", ago_s: float = 0.0, **more: Any) -> dict[str, Any]:
    """A span of 0.25 s."""
    begin = int((time.time() - ago_s - 0.25) * NANO)
    return {
        "traceId": trace, "spanId": id, "parentSpanId": parent, "name": name,
        "startTimeUnixNano": str(begin), "endTimeUnixNano": str(begin + NANO // 4), **more,
    }  # fmt: skip


def export(*spans: dict[str, Any]) -> dict[str, Any]:
    service = {"attributes": [{"key": "service.name", "value": {"stringValue": "api"}}]}
    return {"resourceSpans": [{"resource": service, "scopeSpans": [{"spans": list(spans)}]}]}


class Running:
    """Where a collector is."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.service = Service()
        listen, self.control, otlp = (f"127.0.0.1:{free_port()}" for _ in range(3))
        self.public, self.otlp = f"http://{listen}", f"http://{otlp}"
        (folder / "plan.json").write_text(json.dumps({"seed": 1, "cases": [{"id": "p", "asked": {"word": 1}}]}))
        scraped = {name: f"{self.service.url}/{name}" for name in ("good", "garbage", "huge", "many", "hangs")}
        scraped["gone"] = f"http://127.0.0.1:{free_port()}/metrics"
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(CAST / "lib"), "BROWNOUT_TOKEN": TOKEN}
        env |= {"LISTEN": listen, "CONTROL": self.control, "OTLP": otlp, "WORLD": str(WORLD)}
        env |= {"PLAN": str(folder / "plan.json"), "SCRAPE": json.dumps(scraped)}
        env |= {"DOOR": json.dumps([{"prefix": "/v1", "to": self.service.url, "by": "x-about"}]), **more}
        self.process = subprocess.Popen([environment("core") / "bin" / "python", "-m", "collector"], env=env)
        self.http = httpx.Client(timeout=20, trust_env=False)
        for url in (self.public, self.otlp):
            eventually(partial(answers, f"{url}/healthz", self.http))
        eventually(self._commanded)

    def _commanded(self) -> bool:
        """Whether the control port is open, too."""
        try:
            return self.exam("/ledger").status_code == 200
        except httpx.ConnectError:
            return False

    def stop(self) -> None:
        self.http.close()
        self.process.terminate()
        self.process.wait(20)
        self.service.hangs.set()
        self.service.shutdown()
        self.service.server_close()

    def send(self, path: str, body: Any, read_s: float = 20.0, **headers: str) -> httpx.Response:
        """An export."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post(self.otlp + path, content=content, headers=named, timeout=httpx.Timeout(20, read=read_s))

    def spans(self, *spans: dict[str, Any], read_s: float = 20.0) -> int:
        """Export spans; the status."""
        return self.send("/v1/traces", export(*spans), read_s).status_code

    def seen(self, path: str) -> Any:
        """What the world says."""
        return self.http.get(f"{self.public}/seen/{path}").json()

    def exam(self, path: str, body: Any = None, token: str = TOKEN) -> httpx.Response:
        """On the control port."""
        headers = {"authorization": f"Bearer {token}"}
        url = f"http://{self.control}{path}"
        return self.http.request("GET" if body is None else "POST", url, json=body, headers=headers)

    def ledger(self) -> dict[str, Any]:
        return dict(self.exam("/ledger").json()["telemetry"])

    def behave(self, **how: Any) -> None:
        got = self.exam("/behave", how)
        assert got.status_code == 200, got.text


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("collector"))
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def collector(shared: Running) -> Running:
    """One that takes exports at once."""
    shared.behave()
    return shared
