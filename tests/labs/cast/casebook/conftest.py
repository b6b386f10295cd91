"""A casebook as a real process, before a service that answers as its path says."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from casebook.plan import asked

from infra.images.venvs import environment
from tests.labs.cast.conftest import CAST, TOKEN
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

PUBLIC = {"seed": 1, "cases": [{"id": "p", "path": "/good", "note": "<script>alert(1)</script>", "asked": {"word": 1}}]}


def case(name: str, path: str = "/good", **more: Any) -> dict[str, Any]:
    return {"id": name, "path": path, "asked": {"word": 1}, **more}


class Doctor(ThreadingHTTPServer):
    """The candidate's service; `asked` has the cases that it was asked about."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_: Any) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    server: Doctor
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._json(b"{}")

    def do_POST(self) -> None:
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"])))["case"])
        getattr(self, "answer_" + self.path.strip("/").replace("-", "_"))()

    def answer_good(self) -> None:
        self._json(b'{"good": true, "more": [1]}')

    def answer_when_opened(self) -> None:
        self.server.gate.wait(20)
        self._json(b'{"good": true}')

    def answer_bad(self) -> None:
        self._json(b'{"good": false}')

    def answer_late(self) -> None:
        time.sleep(1)
        self._json(b'{"good": true}')

    def answer_drip(self) -> None:
        self._raw(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        for _ in range(100):
            self._raw(b" ")
            time.sleep(0.1)

    def answer_huge(self) -> None:
        self._json(b'"' + b"x" * (3 << 20) + b'"')

    def answer_huge_head(self) -> None:
        self._raw(b"HTTP/1.1 200 OK\r\n" + (b"a: " + b"x" * 1000 + b"\r\n") * 200 + b"\r\n{}")

    def answer_endless(self) -> None:
        self._raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            self._raw(b"10000\r\n" + b"x" * 65536 + b"\r\n")

    def answer_deep(self) -> None:
        self._json(b"[" * 21 + b"]" * 21)

    def answer_abyss(self) -> None:
        self._json(b'{"good":' * 100_000)

    def answer_nan(self) -> None:
        self._json(b'{"good": NaN}')

    def answer_infinite(self) -> None:
        self._json(b'{"good": true, "x": 1e999}')

    def answer_digits(self) -> None:
        self._json(b'{"good": true, "x": ' + b"9" * 5000 + b"}")

    def answer_number(self) -> None:
        self._json(b'{"good": 1}')

    def answer_list(self) -> None:
        self._json(b"[true]")

    def answer_null(self) -> None:
        self._json(b"null")

    def answer_text(self) -> None:
        self._json(b"\xff\xfe is no text")

    def answer_half(self) -> None:
        self._json(b'{"good": true, "x": "\\ud800"}')

    def answer_nothing(self) -> None:
        self._raw(b"HTTP/1.1 204 No Content\r\n\r\n")

    def answer_error(self) -> None:
        self._json(b'{"good": true}', 500)

    def answer_refusal(self) -> None:
        self._json(b'{"error": "no"}', 422)

    def answer_short(self) -> None:
        self._raw(b'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"good": true}')
        self._hang_up()

    def answer_until_close(self) -> None:
        self._raw(b'HTTP/1.1 200 OK\r\n\r\n{"good": true}')
        self._hang_up()

    def answer_first_continue(self) -> None:
        self._raw(b'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n{"good": true}')

    def answer_two(self) -> None:
        one = b'HTTP/1.1 %d OK\r\ncontent-length: 14\r\n\r\n{"good": true}'
        self._raw(one % 200 + one % 500)

    def answer_upgrade(self) -> None:
        self._raw(b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n\x00\x00")

    def answer_garbage(self) -> None:
        self._raw(b"\x00\x01 not HTTP at all\r\n\r\n")
        self._hang_up()

    def answer_reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _json(self, body: bytes, status: int = 200) -> None:
        self._raw(b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n\r\n" % (status, len(body)) + body)

    def _raw(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: Any) -> None:
        pass


@dataclass(frozen=True)
class Book:
    """Where a casebook is reached."""

    public: str
    control_address: str
    doctor: Doctor
    http: httpx.Client
    pid: int

    def get(self, path: str, timeout_s: float = 20.0) -> httpx.Response:
        return self.http.get(self.public + path, timeout=timeout_s)

    def post(self, path: str, body: bytes) -> httpx.Response:
        return self.http.post(self.public + path, content=body)

    def control(self, path: str, body: bytes | None = None, token: str = TOKEN) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"}
        url = f"http://{self.control_address}{path}"
        return self.http.request("GET" if body is None else "POST", url, content=body, headers=headers)

    def ledger(self) -> dict[str, Any]:
        return dict(self.control("/ledger").json())

    def begin(self, plan: dict[str, Any]) -> None:
        got = self.control("/plan", json.dumps(plan).encode())
        assert got.status_code == 200, got.text

    def told(self, plan: dict[str, Any], more: str = "") -> list[tuple[str, str]]:
        """Answers to all questions of a plan, in its order."""
        answers = [self.get(f"/outcomes/{question.ticket}{more}") for question in asked(plan)]
        return [(answer.json()["answer"], answer.json()["note"]) for answer in answers]


@contextmanager
def casebook(
    folder: Path, public: dict[str, Any] = PUBLIC, module: str = "casebook", world: str = "world"
) -> Iterator[Book]:
    """A casebook of its own; `module` is what is run."""
    doctor = Doctor()
    (folder / "plan.json").write_text(json.dumps(public))
    listen, control = (f"127.0.0.1:{free_port()}" for _ in range(2))
    settings = {
        "LISTEN": listen,
        "CONTROL": control,
        "BROWNOUT_TOKEN": TOKEN,
        "PYTHONPATH": str(CAST / "lib"),
        "WORLD": str(Path(__file__).parent / world),
        "PLAN": str(folder / "plan.json"),
        "SERVICES": json.dumps({"doctor": doctor.url, "gone": f"http://127.0.0.1:{free_port()}"}),
    }
    python = str(environment("core") / "bin" / "python")
    process = subprocess.Popen([python, "-m", module], env={**os.environ, **settings}, stderr=subprocess.DEVNULL)
    client = httpx.Client(timeout=20, trust_env=False)
    try:
        book = Book(f"http://{listen}", control, doctor, client, process.pid)
        eventually(lambda: answers(f"http://{listen}/healthz", client))
        yield book
    finally:
        client.close()
        process.terminate()
        process.wait(20)
        doctor.gate.set()
        doctor.shutdown()
        doctor.server_close()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """One that many tests give their plans to."""
    with casebook(tmp_path_factory.mktemp("casebook")) as found:
        yield found
