"""What a candidate may hand in by mistake or in malice, to every lab: refused in a sentence, or failed with a reason.

What is refused before anything starts is handed to all labs. Rehearsals with code that cannot start, or does harm, are
slow: each lab is handed one code of either sort, drawn by the commit.
"""

from __future__ import annotations

import os
import pickle
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.authoring.proving.checkout import commit
from grader.course import catalog, files
from grader.course.spec import Lab
from grader.errors import BadInput
from grader.exam import grade
from grader.intake.submission import stage
from grader.result import Verdict
from infra.home import home
from infra.runtime import runtime

LABS = catalog.lab_ids()
SHIPPED = [lab_id for lab_id in LABS if not catalog.is_draft(lab_id)]
"""Of a draft only what needs no system is asked."""


class Trap:
    """Unpickled, it leaves a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.mark,)


SERVER = """
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(b"{}")

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        SAYS

    def answer(self, body, length=None):
        self.send_response(200)
        self.send_header("content-length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

host, _, port = os.environ["LISTEN"].rpartition(":")
ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
"""
STARTS_NOT = {
    "binary": bytes(range(256)) * 8,
    "not UTF-8": "print('na\xefve')".encode("latin-1"),
    "does not parse": b"def oops(:\n",
    "exits": b"raise SystemExit('no column weight_kg')",
    "never gets ready": b"import time\ntime.sleep(3600)\n",
}
ANSWERS = {
    "NaN": "self.answer(b'NaN')",
    "deep": "self.answer(b'[' * 500_000)",
    "endless": "self.answer(b'[', 1 << 40)\n        while True: self.wfile.write(b'[' * 65536)",
    "floods its log": "print('all is well ' * 4000, flush=True)\n        self.answer(b'{}')",
    "exits": "os._exit(7)",
}
STARTS = {name: SERVER.replace("SAYS", says).encode() for name, says in ANSWERS.items()}


@pytest.fixture(params=LABS)
def lab(request: pytest.FixtureRequest) -> Lab:
    return catalog.find_lab(request.param)


def copied(lab: Lab, into: Path) -> Path:
    """A folder with a lab's open files as shipped."""
    for found in files.walk(lab.folder):
        if files.is_open(found.path, lab.spec.open):
            (into / found.path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(lab.folder / found.path, into / found.path)
    return into


@pytest.fixture
def handed_in(lab: Lab, tmp_path: Path) -> Path:
    return copied(lab, tmp_path / "mine")


def first(folder: Path) -> Path:
    """An open file."""
    return folder / min(found.path for found in files.walk(folder))


def huge(folder: Path) -> Path:
    path = first(folder)
    path.write_bytes(bytes(files.MAX_FILE + 1))
    return path


def link(folder: Path) -> Path:
    path = first(folder)
    path.unlink()
    path.symlink_to("/etc/hostname")
    return path


def link_to_a_folder(folder: Path) -> Path:
    path = folder / "elsewhere"
    path.symlink_to("/etc")
    return path


def pipe(folder: Path) -> Path:
    path = first(folder)
    path.unlink()
    os.mkfifo(path)
    return path


def way_out(folder: Path) -> Path:
    """A sealed file with other content."""
    (folder / "compose.yaml").write_text("services: {}\n")
    return folder / "compose.yaml"


def stranger(folder: Path) -> Path:
    (folder / "sitecustomize.py").write_text("print('I am here')\n")
    return folder / "sitecustomize.py"


@pytest.mark.parametrize("spoil", [huge, link, link_to_a_folder, pipe, way_out, stranger])
def test_what_cannot_be_taken_is_refused_by_name(lab, handed_in, tmp_path, spoil):
    spoilt = spoil(handed_in)

    with pytest.raises(BadInput, match=spoilt.name):
        stage(lab, handed_in, tmp_path / "staged")

    assert not (tmp_path / "staged").exists()


@pytest.mark.parametrize("content", STARTS_NOT.values(), ids=STARTS_NOT)
def test_any_bytes_are_taken_as_they_are(lab, handed_in, tmp_path, content):
    path = first(handed_in)
    path.write_bytes(content)

    staged = stage(lab, handed_in, tmp_path / "staged")

    assert (staged.path / path.relative_to(handed_in)).read_bytes() == content


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home for deployments, with the images that are there already; nothing is left in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "images").symlink_to(home() / "images")
    monkeypatch.setenv("BROWNOUT_HOME", str(folder))
    yield
    assert not list((folder / "deployments").glob("*"))


@pytest.mark.slow
@pytest.mark.timeout(400)  # three tries, where the machine is busy
@pytest.mark.parametrize("codes", [STARTS_NOT, STARTS], ids=["code that cannot start", "code that does harm"])
@pytest.mark.parametrize("calm_lab", SHIPPED, indirect=True)
def test_code_of_no_use_fails_with_a_reason(calm_lab, codes, own_home, tmp_path):
    """With traps beside it."""
    name = random.Random(f"{commit()} {calm_lab.id}").choice(list(codes))
    print(f"{calm_lab.id} is handed code of the kind: {name}")
    handed_in, mark = copied(calm_lab, tmp_path / "mine"), tmp_path / "opened"
    for found in list(files.walk(handed_in)):
        if found.path.suffix == ".py":
            (handed_in / found.path).write_bytes(codes[name])
            (handed_in / found.path).with_suffix(".pkl").write_bytes(pickle.dumps(Trap(mark)))
    submission = stage(calm_lab, handed_in, tmp_path / "staged")

    result = grade(catalog.rehearsal(calm_lab), submission, runtime("process"), seed=9, out=tmp_path / "run")

    assert result.verdict is Verdict.FAIL, result.reasons
    assert {reason.code for reason in result.reasons} <= {"not-started", "objective-missed", "service-ended"}
    assert not mark.exists()
