"""Documents that are kept when a trial ends: under their digest, and without a say in anything."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from grader.course.observers import ExhibitSpec
from grader.exam.exhibits import TIMEOUT_S, keep_exhibits
from grader.report.exhibits import exhibits
from grader.result import Verdict
from tests.grader.exam.toy import VAULT, Toy

TEXT = b"# Review\n\n<script>hacked()</script> 2,114[^users]\n"
PAPER = f"""
import os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Papers(BaseHTTPRequestHandler):
    def do_GET(self):
        allowed = self.headers["authorization"] == "Bearer " + os.environ["BROWNOUT_TOKEN"]
        body = {TEXT!r} if self.path == "/paper" and allowed else b""
        self.send_response(200 if body or self.path == "/healthz" else 404)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
host, _, port = sys.argv[1].partition(":")
ThreadingHTTPServer((host, int(port)), Papers).serve_forever()
"""


class Sealed(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        Sealed.asked.append(self.path)
        if self.path == "/late":
            time.sleep(TIMEOUT_S + 1)
            return
        known = self.headers["authorization"] == "Bearer secret"
        body = {"/text": TEXT, "/long": b"a" * 5000, "/binary": bytes(range(256))}.get(self.path, b"")
        self.send_response(200 if known and body else 401 if body else 404)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    Sealed.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sealed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def keep(
    out: Path, address: str, *paths: str, token: str = "secret", service: str = "yard:9000"
) -> list[dict[str, Any]]:
    specs = [ExhibitSpec(name=f"n{n}", url=f"http://{service}{path}", max_bytes=4096) for n, path in enumerate(paths)]
    keep_exhibits(out, "cases.0", specs, {"yard:9000": address}, token)
    found: list[dict[str, Any]] = json.loads((out / "exhibits" / "cases.0.json").read_text())
    return found


def test_a_document_is_kept_under_its_digest(tmp_path: Path, address: str) -> None:
    text, binary = keep(tmp_path, address, "/text", "/binary")

    assert text["digest"] == hashlib.sha256(TEXT).hexdigest() and not text["cut"] and not text["error"]
    assert (tmp_path / "exhibits" / text["digest"]).read_bytes() == TEXT
    assert (tmp_path / "exhibits" / binary["digest"]).read_bytes() == bytes(range(256))


def test_a_long_document_is_cut(tmp_path: Path, address: str) -> None:
    (found,) = keep(tmp_path, address, "/long")

    assert found["cut"] and (tmp_path / "exhibits" / found["digest"]).read_bytes() == b"a" * 4096
    assert [one.cut for one in exhibits(tmp_path, "cases.0")] == [True]


@pytest.mark.parametrize(
    ("path", "token", "why"), [("/text", "wrong", "status 401"), ("/nowhere", "secret", "status 404")]
)
def test_what_cannot_be_read_is_noted(tmp_path: Path, address: str, path: str, token: str, why: str) -> None:
    first, second = keep(tmp_path, address, path, "/text", token=token)

    assert why in first["error"] and not first["digest"]
    assert bool(second["error"]) == (token == "wrong")


def test_who_does_not_answer_in_time_is_asked_no_more(tmp_path: Path, address: str) -> None:
    began = time.monotonic()

    found = keep(tmp_path, address, "/late", "/text")

    assert all("TimeoutError" in each["error"] for each in found) and Sealed.asked == ["/late"]
    assert time.monotonic() - began < 2 * TIMEOUT_S + 1


def test_a_service_that_is_gone_and_a_folder_that_cannot_be_written_stop_nothing(tmp_path: Path) -> None:
    assert keep(tmp_path, "127.0.0.1:9", "/text")[0]["error"].startswith("ConnectionRefusedError")
    assert keep(tmp_path, "127.0.0.1:9", "/text", service="nobody:1")[0]["error"].startswith("BadInput")
    (tmp_path / "file").write_text("")
    keep_exhibits(tmp_path / "file", "cases.0", [], {}, "secret")


@pytest.mark.parametrize("change", [{"name": "../x"}, {"media": "text/html"}, {"max_bytes": 0}, {"max_bytes": 1 << 30}])
def test_an_exhibit_is_described_within_bounds(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ExhibitSpec.model_validate({"name": "paper", "url": "http://yard:9000/x", **change})


@pytest.mark.slow
@pytest.mark.parametrize(("code", "read"), [(PAPER, True), (VAULT, False)])
def test_an_exam_ends_alike_with_and_without_its_document(toy: Toy, code: str, read: bool) -> None:
    toy.seal(code)
    toy.scenario(exhibits=[{"name": "paper", "url": "http://vault:9000/paper"}])

    result = toy.grade()

    report = (toy.out / "report.html").read_text("utf-8")
    found = [one for trial in result.trials for one in exhibits(toy.out, trial.id)][
        -1
    ]  # on a busy machine of a later try
    assert result.verdict is Verdict.PASS
    assert bool(found.text) == read and ("&lt;script&gt;hacked()" in report) == read and "<script>hacked" not in report
    assert ("It could not be read: ValueError: status 503" in report) == (not read)
    assert (toy.out / f"exhibits/{found.digest}.html").is_file() == read
