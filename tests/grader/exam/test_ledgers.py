"""Reading a sealed service's ledger over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from grader import events
from grader.course.observers import LedgerSpec
from grader.exam.ledgers import read_ledgers


class Sealed(BaseHTTPRequestHandler):
    pages = {"/ledger": b'{"outcomes": {"200": 41, "name": "x"}}', "/torn": b'{"outcomes"', "/list": b"[1]"}

    def do_GET(self) -> None:
        known = self.headers["authorization"] == "Bearer secret"
        body = self.pages.get(self.path, b"")
        self.send_response(200 if known and body else 401 if body else 404)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sealed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def read(address: str, path: str, count: str, token: str = "secret") -> tuple[float | None, str]:
    ledger = LedgerSpec(name="model", url=f"http://model:9000{path}", count=count, events="true")
    (row,) = read_ledgers("calm.0", 9.5, [ledger], {"model:9000": address}, token)
    assert (row["trial"], row["kind"], row["name"], row["due"]) == ("calm.0", "ledger", "model", 9.5)
    assert set(row) == set(events.COLUMNS)
    return row["value"], row["error"]


def test_the_number_at_the_path_is_the_count(address: str) -> None:
    assert read(address, "/ledger", "outcomes.200") == (41.0, "")


def test_what_never_happened_is_counted_as_nought(address: str) -> None:
    assert read(address, "/ledger", "outcomes.503") == (0.0, "")


@pytest.mark.parametrize(
    ("path", "count", "token", "error"),
    [
        ("/ledger", "outcomes.200", "wrong", "status 401"),
        ("/nowhere", "outcomes.200", "secret", "status 404"),
        ("/torn", "outcomes.200", "secret", "JSONDecodeError"),
        ("/ledger", "outcomes.name", "secret", "ValueError"),
        ("/ledger", "outcomes", "secret", "TypeError"),
    ],
)
def test_what_cannot_be_read_is_no_number(address: str, path: str, count: str, token: str, error: str) -> None:
    value, said = read(address, path, count, token)

    assert value is None
    assert said.startswith(error)


def test_a_service_that_is_gone_is_no_number() -> None:
    value, said = read("127.0.0.1:9", "/ledger", "outcomes.200")

    assert value is None
    assert said.startswith("ConnectionRefusedError")
