"""The relay as a real process before a real, and awkward, service."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from infra.images.venvs import environment
from tests.labs.cast.conftest import CAST
from tests.labs.ports import free_port
from tests.waiting import answers, eventually


class Service(ThreadingHTTPServer):
    """Notes who is being served; holds a request while its `hold` is set and the gate is shut."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.gate = threading.Event()
        self.begun: list[tuple[str, int]] = []
        self.lanes: set[str | None] = set()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: Service
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(200, "text/plain", f"page {self.path}".encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/hang-up":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if self.path == "/flood":
            return self._answer(200, "text/plain", b"x" * (1 << 21))
        if self.path == "/packed":
            return self._answer(200, "text/plain", gzip.compress(b"x" * (1 << 28), 1), ("content-encoding", "gzip"))
        said = json.loads(body)
        self.server.lanes.add(self.headers.get("x-lane"))
        if isinstance(said, dict):
            self.server.begun.append((said.get("stream", ""), said.get("n", 0)))
            if said.get("hold"):
                self.server.gate.wait(20)
        self._answer(418, "application/tea", body)

    def _answer(self, status: int, kind: str, body: bytes, *more: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in more:
            self.send_header(name, value)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service()
    yield server
    server.gate.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def relay(service: Service) -> Iterator[str]:
    yield from _relay(f"http://127.0.0.1:{service.server_address[1]}")


def _relay(to: str) -> Iterator[str]:
    here = f"127.0.0.1:{free_port()}"
    command = [str(environment("core") / "bin" / "python"), str(CAST / "relay" / "main.py")]
    process = subprocess.Popen(command, env={**os.environ, "LISTEN": here, "TO": to, "KEY": "stream", "LANE": "X-Lane"})
    try:
        eventually(lambda: answers(f"http://{here}/relay/healthz"))
        yield f"http://{here}"
    finally:
        process.terminate()
        process.wait(10)


def post(relay: str, lane: str | None = None, **body: Any) -> httpx.Response:
    headers = {"x-lane": lane} if lane else {}
    return httpx.post(f"{relay}/batches", json=body, headers=headers, timeout=30, trust_env=False)


def test_the_answer_is_the_services_own(relay: str) -> None:
    answer = post(relay, stream="a", n=1)

    assert (answer.status_code, answer.headers["content-type"]) == (418, "application/tea")
    assert answer.json() == {"stream": "a", "n": 1}


def test_an_answer_that_is_packed_is_none(relay: str) -> None:
    assert httpx.post(f"{relay}/packed", json={}, timeout=30, trust_env=False).status_code == 502


def test_pages_pass_with_their_query(relay: str) -> None:
    assert httpx.get(f"{relay}/streams?of=a%20b", trust_env=False).text == "page /streams?of=a%20b"


def test_one_stream_waits_for_itself_in_order_and_no_other_does(relay: str, service: Service) -> None:
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(post, relay, stream="a", n=0, hold=True)
        eventually(lambda: ("a", 0) in service.begun)
        later = []
        for n in range(1, 5):
            later.append(pool.submit(post, relay, stream="a", n=n))
            time.sleep(0.1)
        assert post(relay, stream="b", n=9).status_code == 418
        assert [each for each in service.begun if each[0] == "a"] == [("a", 0)]

        service.gate.set()

        assert {answer.result().status_code for answer in [first, *later]} == {418}
    assert [n for stream, n in service.begun if stream == "a"] == [0, 1, 2, 3, 4]


def test_another_stream_of_the_lane_waits_too_and_the_service_is_not_told_of_lanes(
    relay: str, service: Service
) -> None:
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(post, relay, lane="1", stream="a", n=0, hold=True)
        eventually(lambda: ("a", 0) in service.begun)
        successor = pool.submit(post, relay, lane="1", stream="b", n=0)
        time.sleep(0.2)
        assert post(relay, lane="2", stream="c", n=0).status_code == 418
        assert service.begun == [("a", 0), ("c", 0)]

        service.gate.set()

        assert {answer.result().status_code for answer in (first, successor)} == {418}
    assert service.begun == [("a", 0), ("c", 0), ("b", 0)]
    assert service.lanes == {None}


def test_a_client_that_leaves_does_not_make_its_request_undone(relay: str, service: Service) -> None:
    with ThreadPoolExecutor(2) as pool:
        pool.submit(post, relay, stream="a", n=0, hold=True)
        eventually(lambda: ("a", 0) in service.begun)
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{relay}/batches", json={"stream": "a", "n": 1}, timeout=0.3, trust_env=False)

        service.gate.set()

        assert post(relay, stream="a", n=2).status_code == 418
    assert [n for _, n in service.begun] == [0, 1, 2]


@pytest.mark.parametrize("body", [b"[1]", b"no json", b'{"other": 1}'])
def test_what_has_no_such_field_goes_straight_through(relay: str, service: Service, body: bytes) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(post, relay, stream="None", n=0, hold=True)
        eventually(lambda: bool(service.begun))

        answer = httpx.post(f"{relay}/other", content=body, timeout=5, trust_env=False)
        service.gate.set()

    assert answer.status_code in (418, 502)


@pytest.mark.parametrize("path", ["/hang-up", "/flood"])
def test_a_service_that_misbehaves_is_a_bad_gateway(relay: str, path: str) -> None:
    assert httpx.post(f"{relay}{path}", json={"stream": "a"}, trust_env=False).status_code == 502
    assert post(relay, stream="a").status_code == 418


def test_a_service_that_is_gone_is_a_bad_gateway() -> None:
    for relay in _relay(f"http://127.0.0.1:{free_port()}"):
        assert httpx.get(f"{relay}/healthz", trust_env=False).status_code == 502


def test_a_body_that_is_too_large_is_refused(relay: str) -> None:
    answer = httpx.post(f"{relay}/batches", content=b"x" * ((1 << 20) + 70000), trust_env=False)

    assert answer.status_code == 413
