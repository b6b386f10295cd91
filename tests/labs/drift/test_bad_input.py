"""What a candidate may hand in by mistake or in malice: refused in a sentence, or failed with a reason."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.candidate.submission import stage
from grader.course.spec import Lab, Scenario
from grader.errors import BadInput
from grader.exam import grade
from grader.result import Result, Verdict
from infra.home import home
from infra.runtime import runtime
from tests.calm import calmed
from tests.labs.drift.conftest import EXAM, LAB


class Trap:
    """Unpickled, it leaves a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.mark,)


SERVER = """
import json, os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(b"{}")

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        SAYS

    def answer(self, body):
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

host, _, port = os.environ["LISTEN"].rpartition(":")
ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
"""
ENDLESS = """self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"[" * 65536)"""
TALKATIVE = """print("all is well " * 4000, flush=True)
        self.answer(b'{"verdict": "meh", "column": null}')"""


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """A folder with one changed file, monitor/main.py as shipped."""
    folder = tmp_path / "mine"
    (folder / "monitor").mkdir(parents=True)
    (folder / "monitor" / "main.py").write_bytes((LAB / "monitor" / "main.py").read_bytes())
    return folder


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home for deployments, with the images that are there already; nothing is left in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "images").symlink_to(home() / "images")
    monkeypatch.setenv("BROWNOUT_HOME", str(folder))
    yield folder
    assert not list((folder / "deployments").glob("*"))


def exam(folder: Path, tmp_path: Path) -> Result:
    lab = Lab(LAB)
    submission = stage(lab, folder, tmp_path / "staged")
    return grade(calmed(Scenario(EXAM, lab)), submission, runtime("process"), seed=9, out=tmp_path / "run")


def huge(monitor: Path) -> None:
    (monitor / "model.bin").write_bytes(bytes(6 << 20))


def link(monitor: Path) -> None:
    (monitor / "data.py").symlink_to("/etc/hostname")


def way_out(monitor: Path) -> None:
    (monitor.parent / "public").mkdir()
    (monitor.parent / "public" / "plan.json").write_text("{}")


@pytest.mark.parametrize(("spoil", "names"), [(huge, "model.bin"), (link, "data.py"), (way_out, "plan.json")])
def test_what_cannot_be_taken_is_refused_by_name(handed_in, tmp_path, spoil, names):
    spoil(handed_in / "monitor")

    with pytest.raises(BadInput, match=names):
        stage(Lab(LAB), handed_in, tmp_path / "staged")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (bytes(range(256)) * 8, "null bytes|source code"),
        ("print('na\xefve')".encode("latin-1"), "UTF-8|utf-8"),
        (b"raise SystemExit('no column weight_kg')", "no column weight_kg"),
    ],
    ids=["binary", "not UTF-8", "wrong columns"],
)
def test_code_that_cannot_start_fails_with_what_python_said(handed_in, own_home, tmp_path, content, says):
    (handed_in / "monitor" / "main.py").write_bytes(content)

    result = exam(handed_in, tmp_path)

    assert result.verdict is Verdict.FAIL
    [reason] = {reason.code: reason for reason in result.reasons}.values()
    assert reason.code == "not-started"
    assert re.search(says, reason.message)


def test_a_pickle_is_never_opened(handed_in, own_home, tmp_path):
    mark = tmp_path / "opened"
    trap = pickle.dumps(Trap(mark))
    for name in ("main.py", "state.pkl", "monitor.pickle"):
        (handed_in / "monitor" / name).write_bytes(trap)

    result = exam(handed_in, tmp_path)

    assert result.verdict is Verdict.FAIL
    assert not mark.exists()


@pytest.mark.proof
@pytest.mark.parametrize(
    "says",
    [
        """self.answer(b'{"verdict": NaN, "column": NaN}')""",
        """self.answer(b'{"verdict": "broken", "column": ["weight_kg"]}')""",
        """self.answer(b"\\xff\\xfe\\x00")""",
        """self.answer(b"[" * 500_000)""",
        ENDLESS,
        TALKATIVE,
    ],
    ids=["NaN", "wrong columns", "not UTF-8", "deep", "endless", "talkative"],
)
def test_answers_of_no_use_fail_the_objectives(handed_in, own_home, tmp_path, says):
    (handed_in / "monitor" / "main.py").write_text(SERVER.replace("SAYS", says))

    result = exam(handed_in, tmp_path)

    assert result.verdict is Verdict.FAIL, result.reasons
    assert {reason.code for reason in result.reasons} == {"objective-missed"}
