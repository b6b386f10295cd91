"""Saves are noticed and brought, whatever the code, the way, or the editor does."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.classroom.desk import sync as syncing
from grader.classroom.desk.sync import Sync, wakes
from grader.errors import BadInput
from infra.errors import PlatformBroken, ServiceFailed


class FakeSystem:
    """Notes what it was brought; fails as it is told to, once for each error."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.code: list[str] = []
        self.on_restart: list[Exception] = []
        self.on_ready: list[Exception] = []

    def restart(self) -> None:
        if self.on_restart:
            raise self.on_restart.pop(0)
        self.code.append(self._file.read_text())

    def wait_ready(self, timeout_s: float) -> None:
        if self.on_ready:
            raise self.on_ready.pop(0)


class Bench:
    """A workspace with one open and one sealed file, and its sync."""

    def __init__(self, work: Path) -> None:
        self.work, self.file = work, work / "code/main.py"
        self.file.parent.mkdir(parents=True)
        self.file.write_text("0")
        (work / "compose.yaml").write_text("sealed")
        self.system = FakeSystem(self.file)
        self.told: list[tuple[bool, str]] = []
        self.saves = 0
        self.sync = Sync(
            work, ("code",), self.system, lambda brought, trouble: self.told.append((bool(brought), trouble))
        )

    def look(self) -> None:
        self.sync.look(self._saved)

    def _saved(self) -> None:
        self.saves += 1


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(syncing, "FIRST_RETRY_S", 0.0)
    monkeypatch.setattr(syncing, "BUSY_S", 0.0)
    return Bench(tmp_path / "work")


def test_nothing_is_brought_until_something_is_saved(bench: Bench) -> None:
    bench.look()
    assert (bench.system.code, bench.saves, bench.told) == ([], 0, [])


def test_a_save_is_brought_once(bench: Bench) -> None:
    bench.file.write_text("1 ")
    bench.look()
    bench.look()
    assert (bench.system.code, bench.saves, bench.told) == (["1 "], 1, [(True, "")])


def test_a_new_and_a_deleted_file_are_saves(bench: Bench) -> None:
    (bench.file.parent / "more.py").touch()
    bench.look()
    (bench.file.parent / "more.py").unlink()
    bench.look()
    assert (len(bench.system.code), bench.saves) == (2, 2)


def test_an_editor_that_replaces_the_file_is_followed(bench: Bench) -> None:
    draft = bench.file.with_name("draft")
    draft.write_text("1")
    draft.replace(bench.file)
    bench.look()
    assert bench.system.code == ["1"]


def test_saving_the_same_again_restarts_nothing(bench: Bench) -> None:
    bench.file.write_text("1")
    bench.look()
    bench.file.touch()
    bench.look()
    assert (bench.system.code, bench.saves) == (["1"], 2)


def test_sealed_files_and_litter_do_not_count(bench: Bench) -> None:
    (bench.work / "compose.yaml").write_text("other")
    (bench.file.parent / ".main.py.swp").touch()
    (bench.file.parent / "__pycache__").mkdir()
    (bench.file.parent / "__pycache__/main.pyc").touch()
    bench.look()
    assert (bench.system.code, bench.saves) == ([], 0)


def test_code_that_ends_at_once_is_said_and_the_next_save_mends_it(bench: Bench) -> None:
    bench.system.on_ready = [ServiceFailed("shop", 1, "SyntaxError: no")]
    bench.file.write_text("1")
    bench.look()
    assert bench.told == [(False, "service shop exited with code 1 before it was ready")]
    bench.look()
    bench.file.write_text("22")
    bench.look()
    assert bench.system.code == ["1", "22"] and bench.told[-1] == (True, "")


def test_code_that_is_slow_to_be_ready_is_waited_for(bench: Bench) -> None:
    bench.system.on_ready = [ServiceFailed("shop", None, "")]
    bench.file.write_text("1")
    bench.look()
    assert bench.told == []
    bench.look()
    assert bench.system.code == ["1"] and bench.told == [(True, "")]


def test_a_save_is_not_held_up_by_code_that_is_never_ready(bench: Bench) -> None:
    bench.system.on_ready = [ServiceFailed("shop", None, "")]
    bench.file.write_text("1")
    bench.look()
    bench.file.write_text("22")
    bench.look()
    assert bench.system.code == ["1", "22"]


def test_code_that_is_never_ready_is_said_after_a_while(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "READY_S", 0.0)
    bench.system.on_ready = [ServiceFailed("shop", None, "", 1.0)]
    bench.file.write_text("1")
    bench.look()
    assert bench.told == [(False, "service shop was not ready after 0 s")]


@pytest.mark.parametrize("when", ["on_restart", "on_ready"])
def test_a_way_that_is_gone_is_tried_again(bench: Bench, when: str) -> None:
    setattr(bench.system, when, [PlatformBroken("the API server is away"), PlatformBroken("the API server is away")])
    bench.file.write_text("1")
    bench.look()
    bench.look()
    assert bench.told == [(False, "the API server is away")] * 2
    bench.look()
    bench.look()
    assert bench.system.code[-1] == "1" and bench.told[-1] == (True, "")


def test_tries_become_rarer(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "FIRST_RETRY_S", 60.0)
    bench.system.on_restart = [PlatformBroken("away")]
    bench.file.write_text("1")
    bench.look()
    bench.look()
    assert len(bench.told) == 1 and bench.system.code == []
    bench.file.write_text("22")  # a save is tried at once
    bench.look()
    assert bench.system.code == ["22"]


def test_another_command_is_waited_for_in_silence(bench: Bench) -> None:
    bench.system.on_restart = [BadInput("another `lab` command")]
    bench.file.write_text("1")
    bench.look()
    assert bench.told == []
    bench.look()
    assert bench.system.code == ["1"]


def test_a_workspace_that_is_gone_for_a_moment_is_not_a_save(bench: Bench) -> None:
    away = bench.work.with_name("away")
    bench.work.rename(away)
    bench.look()
    away.rename(bench.work)
    bench.look()
    assert (bench.system.code, bench.saves) == ([], 0)


def test_all_is_brought_when_asked_for(bench: Bench) -> None:
    bench.sync.ask()
    bench.look()
    assert (bench.system.code, bench.saves) == (["0"], 0)


@pytest.fixture
def waking(tmp_path: Path) -> Iterator[list[float]]:
    """When the watcher of `tmp_path/work` woke up."""
    (tmp_path / "work").mkdir()
    over, woken = threading.Event(), list[float]()

    def run() -> None:
        for _ in wakes(tmp_path / "work", over):
            woken.append(time.monotonic())

    thread = threading.Thread(target=run)
    thread.start()
    yield woken
    over.set()
    thread.join(5)
    assert not thread.is_alive()


def wait_for_more(woken: list[float]) -> None:
    before, give_up = len(woken), time.monotonic() + 10
    while len(woken) < before + 2:
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_the_watcher_wakes_without_any_change_and_after_its_folder_was_replaced(
    tmp_path: Path, waking: list[float]
) -> None:
    wait_for_more(waking)
    (tmp_path / "work").rmdir()
    wait_for_more(waking)
    (tmp_path / "work").mkdir()
    (tmp_path / "work/file").touch()
    wait_for_more(waking)
