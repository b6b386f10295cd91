"""How the words of a plan are heard: until all are told, or a step of the experiment fails."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from grader.authoring.play import season

WORDS = [["t0", "right", "a"], ["t1", "wrong", "b"]]


class Book(BaseHTTPRequestHandler):
    """A casebook that tells one word an ask, and is over with the last."""

    def do_GET(self) -> None:
        first = int(self.path.rpartition("=")[2])
        body = json.dumps({"told": WORDS[first : first + 1], "over": first + 1 >= len(WORDS)}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def addresses() -> Iterator[dict[str, str]]:
    with HTTPServer(("127.0.0.1", 0), Book) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {"book:9000": f"127.0.0.1:{server.server_port}"}
        server.shutdown()


def heard(addresses: dict[str, str], steps: Future[None]) -> dict[str, dict[str, str]]:
    cast: Any = SimpleNamespace(casebook="book", token="t")
    return season._heard(cast, addresses, "/outcomes/t0", steps, time.monotonic() + 30)


def test_words_are_heard_to_the_end_though_the_experiment_is_over(addresses: dict[str, str]) -> None:
    steps: Future[None] = Future()
    steps.set_result(None)

    assert heard(addresses, steps) == {
        "/outcomes/t0": {"answer": "right", "note": "a"},
        "/outcomes/t1": {"answer": "wrong", "note": "b"},
    }


def test_nothing_is_waited_for_once_a_step_has_failed(addresses: dict[str, str]) -> None:
    steps: Future[None] = Future()
    steps.set_exception(season.PlayFailed("a step failed"))

    assert heard(addresses, steps) == {}
