"""The clerk as a real process, before folders that hold what no clerk should hand out."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.images.venvs import environment
from tests.labs.cast.conftest import CAST
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

URL_S = 20


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Its URL, and where its folder has to be: a link that each test turns to its own."""
    folder = tmp_path_factory.mktemp("clerk") / "open"
    folder.symlink_to(tmp_path_factory.mktemp("empty"))
    listen = f"127.0.0.1:{free_port()}"
    settings = {"LISTEN": listen, "FILES": str(folder)}
    python = str(environment("core") / "bin" / "python")
    process = subprocess.Popen([python, str(CAST / "clerk" / "main.py")], env={**os.environ, **settings})
    try:
        eventually(lambda: answers(f"http://{listen}/healthz"))
        yield f"http://{listen}", folder
    finally:
        process.terminate()
        process.wait(20)


class Shown:
    """A folder, and what the clerk says of it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder

    def files(self) -> dict[str, str]:
        return dict(self._said()["files"])

    def left_out(self) -> dict[str, str]:
        return dict(self._said()["left_out"])

    def _said(self) -> dict[str, Any]:
        got = httpx.get(f"{self.url}/files", trust_env=False, timeout=URL_S)
        assert got.status_code == 200
        return dict(got.json())


@pytest.fixture
def shown(clerk: tuple[str, Path], tmp_path: Path) -> Shown:
    url, link = clerk
    link.unlink()
    link.symlink_to(tmp_path)
    return Shown(url, tmp_path)


def test_files_are_texts_by_their_paths_and_read_anew(shown: Shown) -> None:
    (shown.folder / "deep" / "er").mkdir(parents=True)
    (shown.folder / "deep" / "er" / "plan.yaml").write_text("a: ü")
    (shown.folder / "b").write_text("")
    assert shown.files() == {"b": "", "deep/er/plan.yaml": "a: ü"}

    (shown.folder / "b").write_text("new")
    assert shown.files()["b"] == "new" and shown.left_out() == {}


def test_no_link_and_no_pipe_is_followed(shown: Shown) -> None:
    secret = shown.folder.parent / f"{shown.folder.name}-outside"
    secret.mkdir()
    (secret / "token").write_text("secret")
    (shown.folder / "file").symlink_to(secret / "token")
    (shown.folder / "folder").symlink_to(secret)
    (shown.folder / "loop").symlink_to(".")
    (shown.folder / "nowhere").symlink_to("nothing")
    os.mkfifo(shown.folder / "pipe")

    assert shown.files() == {}
    assert shown.left_out() == dict.fromkeys(("file", "folder", "loop", "nowhere", "pipe"), "no plain file")


def test_bombs_are_left_out(shown: Shown) -> None:
    with open(shown.folder / "a-hole", "wb") as file:
        file.truncate(1 << 34)
    (shown.folder / "b-just").write_text("x" * (64 << 10))
    (shown.folder / "c-over").write_text("x" * (64 << 10) + "y")
    for number in range(4):
        (shown.folder / f"d{number}").write_text("ü" * (32 << 10))

    assert list(shown.files()) == ["b-just", "d0", "d1", "d2"]
    said = shown.left_out()
    assert said["a-hole"] == said["c-over"] == "more than 64 KiB"
    assert said["d3"] == "more than 256 KiB with the files before it"


def test_too_much_is_left_out(shown: Shown) -> None:
    for number in range(100):
        (shown.folder / f"f{number:02}").write_text("x")
        (shown.folder / f"folder{number:02}").mkdir()
        (shown.folder / f"folder{number:02}" / "file").write_text("x")

    assert list(shown.files()) == [f"f{number:02}" for number in range(64)]
    assert len(shown.left_out()) == 64 and set(shown.left_out().values()) == {"there are more than 64 files"}


def test_many_folders_are_no_wait(shown: Shown) -> None:
    (shown.folder / "/".join(["f"] * 300)).mkdir(parents=True)
    (shown.folder / "plan").write_text("x")

    assert shown.files() == {"plan": "x"}


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        (b"binary", b"\x89PNG\xff\x00", "not UTF-8"),
        (b"latin", b"caf\xe9", "not UTF-8"),
        (b"cut", "ü".encode()[:1], "not UTF-8"),
        (b"n\xff", b"x", "a name has at most"),
        (b"line\nbreak", b"x", "a name has at most"),
        (b"esc\x1b[31m", b"x", "a name has at most"),
        (b"l" * 201, b"x", "a name has at most"),
    ],
)
def test_what_is_no_text_of_a_plain_name_is_left_out(shown: Shown, name: bytes, data: bytes, why: str) -> None:
    (shown.folder / "sound").write_text("x")
    with open(os.path.join(os.fsencode(shown.folder), name), "wb") as file:
        file.write(data)

    assert shown.files() == {"sound": "x"}
    assert [said.startswith(why) for said in shown.left_out().values()] == [True]


def test_there_is_nothing_else(shown: Shown) -> None:
    for path in ("/", "/etc/passwd", "/files/x", "/files?a=1"):
        assert httpx.get(f"{shown.url}{path}", trust_env=False).status_code == 404


def test_a_folder_that_is_gone_has_no_files(shown: Shown) -> None:
    shown.folder.rename(shown.folder.with_name(f"{shown.folder.name}-away"))

    assert shown.files() == shown.left_out() == {}
