"""What passes by the door, as it came, and what does not."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from casebook_door.rules import rules

from infra.images.venvs import environment
from tests.labs.cast.casebook.conftest import Book
from tests.labs.cast.casebook_door.conftest import Service
from tests.labs.cast.conftest import CAST
from tests.waiting import eventually


def outcomes(book: Book) -> dict[str, int]:
    return dict(book.ledger()["door"]["outcomes"])


def test_a_request_is_handed_on_as_it_came(book: Book, service: Service) -> None:
    headers = {"x-tenant": "Woche", "traceparent": "00-ab-cd-01", "accept": "*/*", "te": "trailers"}
    url = f"{book.public}/v1/odd%20name/a%2Fb?q=1%202&q=%ff"
    seen = book.http.put(url, content=b'{"x": 1}', headers=headers).json()

    assert (seen["method"], seen["path"]) == ("PUT", "/v1/odd%20name/a%2Fb?q=1%202&q=%ff")
    assert seen["body"] == '{"x": 1}'
    got = {name.lower(): value for name, value in seen["headers"]}
    assert {name: got.get(name) for name in ("x-tenant", "traceparent", "accept")} == {
        name: headers[name] for name in ("x-tenant", "traceparent", "accept")
    }
    assert got["host"] == urlsplit(book.public).netloc and got["content-length"] == "8" and "te" not in got


def test_an_answer_is_handed_back_as_it_came(book: Book, service: Service) -> None:
    got = book.http.post(f"{book.public}/v1/accepted", content=b"{}")

    assert (got.status_code, got.text, got.headers["x-trace-id"]) == (202, "{}", "t1")
    assert got.headers.get_list("set-cookie") == ["a", "b"]
    assert not {"date", "server"} & got.headers.keys()


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("nothing", 204, b""),
        ("error", 500, b'{"good": true}'),
        ("until-close", 200, b'{"good": true}'),
        ("first-continue", 200, b'{"good": true}'),
        ("two", 200, b'{"good": true}'),
        ("huge", 200, b'"' + b"x" * (3 << 20) + b'"'),
    ],
)
def test_whole_answers(book: Book, service: Service, name: str, status: int, body: bytes) -> None:
    got = book.http.post(f"{book.public}/v1/{name}", content=b"{}")

    assert (got.status_code, got.content) == (status, body)


def test_a_head_has_no_body(book: Book, service: Service) -> None:
    got = book.http.head(f"{book.public}/v1/thing")

    assert (got.status_code, got.headers["x-kind"], got.headers["content-length"]) == (200, "head", "5")
    assert book.http.get(f"{book.public}/healthz").status_code == 200, "the connection can be used again"


def test_a_stream_comes_chunk_by_chunk(book: Book, service: Service) -> None:
    with book.http.stream("POST", f"{book.public}/v1/stream", content=b"{}") as got:
        parts = got.iter_raw()
        assert next(parts) == b"one"
        assert book.ledger()["door"]["open"] == 1
        service.gate.set()
        assert b"".join(parts) == b"two"


def test_a_stream_that_breaks_is_cut_for_the_user_too(book: Book, service: Service) -> None:
    before = outcomes(book).get("cut", 0)
    for name in ("breaks", "short"):
        with pytest.raises(httpx.RemoteProtocolError):
            book.http.post(f"{book.public}/v1/{name}", content=b"{}")

    assert outcomes(book)["cut"] == before + 2


@pytest.mark.parametrize("name", ["garbage", "reset", "huge-head", "upgrade", "odd"])
def test_what_is_no_answer_is_502_and_a_sentence(book: Book, service: Service, name: str) -> None:
    before = outcomes(book).get("none", 0)
    got = book.http.post(f"{book.public}/v1/{name}", content=b"{}")

    assert got.status_code == 502 and got.json()["error"]
    assert outcomes(book)["none"] == before + 1


def test_a_service_that_is_gone_is_502(book: Book) -> None:
    got = book.http.get(f"{book.public}/gone/x")

    assert got.status_code == 502 and "cannot be reached" in got.json()["error"]


@pytest.mark.parametrize("name", ["waits", "endless"])
def test_who_leaves_is_left(book: Book, service: Service, name: str) -> None:
    before = outcomes(book).get("left", 0)
    at = urlsplit(book.public)
    with socket.create_connection((at.hostname or "", at.port or 0)) as user:
        user.sendall(b"POST /v1/%s HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}" % name.encode())
        eventually(lambda: book.ledger()["door"]["open"] == 1)

    eventually(lambda: book.ledger()["door"]["open"] == 0)
    assert outcomes(book)["left"] == before + 1
    assert name == "endless" or service.left.wait(20)


def test_who_leaves_in_the_middle_of_a_request_is_not_handed_on(book: Book, service: Service) -> None:
    before = outcomes(book).get("left", 0)
    at = urlsplit(book.public)
    with socket.create_connection((at.hostname or "", at.port or 0)) as user:
        user.sendall(b"POST /v1/accepted HTTP/1.1\r\nhost: x\r\ncontent-length: 200\r\n\r\n{}")
        eventually(lambda: book.ledger()["door"]["open"] == 1)

    eventually(lambda: outcomes(book).get("left", 0) == before + 1)


def test_a_request_that_is_too_large_is_413(book: Book, service: Service) -> None:
    got = book.http.post(f"{book.public}/v1/thing", content=b"x" * ((2 << 20) + 1))

    assert got.status_code == 413 and got.json()["error"]


def test_paths_go_where_they_belong(book: Book, service: Service) -> None:
    def path(url: str) -> str:
        return str(book.http.get(book.public + url).json()["path"])

    assert path("/v1/strip/me?x=1") == "/me?x=1"
    assert path("/v1/strip") == "/"
    assert path("/v1/stripped") == "/v1/stripped"
    assert path("/v1") == "/v1"
    assert "path" in book.http.get(f"{book.public}/v1/hidden").json(), "the door comes before the world"
    assert book.http.get(f"{book.public}/own/x").json() == {"own": "x"}
    assert book.http.get(f"{book.public}/v11").status_code == 404
    assert "path" not in book.http.get(f"{book.public}/healthz").json()


@pytest.mark.parametrize(
    "door",
    [
        [],
        {},
        [7],
        [{"prefix": "/v1"}],
        [{"prefix": "v1", "to": "http://a:1"}],
        [{"prefix": 1, "to": "http://a:1"}],
        [{"prefix": "/v1", "to": "a:1"}],
        [{"prefix": "/v1", "to": "https://a:1"}],
        [{"prefix": "/v1", "to": "http://a:one"}],
        [{"prefix": "/v1", "to": "http://a:1/path"}],
        [{"prefix": "/v1", "to": "http://a:1", "strip": 1}],
        [{"prefix": "/v1", "to": "http://a:1", "more": 1}],
        [{"prefix": "/v1", "to": "http://a:1"}, {"prefix": "/v1/", "to": "http://b:1"}],
    ],
)
def test_rules_that_make_no_sense_are_refused_in_one_sentence(door: Any) -> None:
    with pytest.raises(ValueError, match=r"^(DOOR|Port)"):
        rules(door)


def test_a_door_that_makes_no_sense_ends_it_with_one_sentence() -> None:
    settings = {"PYTHONPATH": str(CAST / "lib"), "DOOR": "[]"}
    done = subprocess.run(
        [str(environment("core") / "bin" / "python"), "-m", "casebook_door"],
        env={**os.environ, **settings}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and done.stderr.startswith("casebook_door: LISTEN") and done.stderr.count("\n") == 1


def test_the_control_port_is_no_door(book: Book) -> None:
    assert book.control("/v1/thing").status_code == 404
    assert book.control("/ledger", token="another").status_code == 401
    assert json.loads(book.control("/ledger").text)["broken"] == ""
