"""A casebook with a door as a real process, before a service that answers as its path says."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest

from tests.labs.cast.casebook.conftest import Book, Doctor, _Handler, casebook
from tests.labs.ports import free_port
from tests.waiting import eventually

PUBLIC = {"seed": 1, "cases": [{"id": "p", "asked": {"word": 1}}]}


class Service(Doctor):
    """What stands behind the door. `left`: set when a caller of `/v1/waits` has hung up."""

    def __init__(self) -> None:
        super().__init__()
        self.RequestHandlerClass = _Answers
        self.left = threading.Event()


class _Answers(_Handler):
    server: Service

    def do_GET(self) -> None:
        self._echo(b"")

    def do_HEAD(self) -> None:
        self._raw(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx-kind: head\r\n\r\n")

    def do_POST(self) -> None:
        size = int(self.headers["content-length"])
        body = self.rfile.read(size)
        name = self.path.rpartition("/")[2].replace("-", "_").partition("?")[0]
        answer = getattr(self, "answer_" + name, None)
        if answer is None:
            self._echo(body)
        else:
            answer()

    do_DELETE = do_PUT = do_POST

    def answer_stream(self) -> None:
        self._raw(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        self._raw(b"3\r\none\r\n")
        self.server.gate.wait(20)
        self._raw(b"3\r\ntwo\r\n0\r\n\r\n")

    def answer_breaks(self) -> None:
        self._raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n")
        self._hang_up()

    def answer_waits(self) -> None:
        if not self.connection.recv(1):
            self.server.left.set()

    def answer_accepted(self) -> None:
        head = b"HTTP/1.1 202 Accepted\r\nx-trace-id: t1\r\nset-cookie: a\r\nset-cookie: b\r\n"
        self._raw(head + b"content-length: 2\r\n\r\n{}")

    def answer_odd(self) -> None:
        self._raw(b"HTTP/1.1 777 Odd\r\ncontent-length: 2\r\n\r\n{}")

    def _echo(self, body: bytes) -> None:
        seen = {"method": self.command, "path": self.path, "headers": list(self.headers.items()), "body": body.decode()}
        self._json(json.dumps(seen).encode())


def _commanded(book: Book) -> bool:
    """Whether the control port is open, too."""
    try:
        return book.control("/ledger").status_code == 200
    except httpx.ConnectError:
        return False


@contextmanager
def doored(folder: Path, public: dict[str, Any] = PUBLIC) -> Iterator[tuple[Book, Service]]:
    """A casebook with a door of its own, and what stands behind it."""
    service = Service()
    rules = [
        {"prefix": "/v1", "to": service.url, "by": "x-about"},
        {"prefix": "/v1/strip/", "to": service.url, "strip": True},
        {"prefix": "/letters", "to": service.url, "by": "letter"},
        {"prefix": "/gone", "to": f"http://127.0.0.1:{free_port()}"},
    ]
    try:
        with (
            patch.dict("os.environ", {"DOOR": json.dumps(rules)}),
            casebook(folder, public, "casebook_door", "../casebook_door/world") as book,
        ):
            eventually(partial(_commanded, book))
            yield book, service
    finally:
        service.gate.set()
        service.shutdown()
        service.server_close()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Book, Service]]:
    """One that many tests use."""
    with doored(tmp_path_factory.mktemp("door")) as found:
        yield found


@pytest.fixture
def book(both: tuple[Book, Service]) -> Book:
    return both[0]


@pytest.fixture
def service(both: tuple[Book, Service]) -> Service:
    both[1].gate.clear()
    both[1].left.clear()
    return both[1]
