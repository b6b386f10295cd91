"""`lab live`, and the page that `lab start` opens: where it may, and gone with the lab."""

from __future__ import annotations

import os
import pty
import re
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from grader.cli import console
from grader.practice.live import record
from infra.errors import RuntimeUnavailable
from infra.runtime import runtime
from tests.grader.course import Course, begin


@pytest.fixture
def ready(desk: Course) -> Iterator[Course]:
    """A course whose toy lab can run; it is stopped afterwards."""
    try:
        runtime("process").check()
    except RuntimeUnavailable as error:
        pytest.skip(str(error))
    yield desk
    desk.lab("stop", "desk")


def within(seconds: float, holds: Callable[[], object]) -> None:
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["live", "desk"], "lab: desk does not run; start it with `lab start desk`\n"),
        (["live", "nosuch"], "lab: there is no lab 'nosuch'"),
        (["live"], "lab: name a lab: none was begun yet"),
        (["live", "desk", "--port", "70000"], "--port"),
    ],
)
def test_what_cannot_be_shown_is_said_in_one_sentence(desk: Course, arguments: list[str], said: str) -> None:
    done = desk.lab(*arguments)

    assert done.returncode == 2 and done.stdout == ""
    assert said in done.stderr


@pytest.mark.parametrize("variable", ["CI", "BROWNOUT_NO_BROWSER"])
def test_no_browser_where_nobody_wants_one(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("BROWNOUT_NO_BROWSER", raising=False)
    monkeypatch.setenv("DISPLAY", ":7")
    assert console.has_display()

    monkeypatch.setenv(variable, "1")

    assert not console.has_display()


def test_start_without_a_terminal_opens_nothing(ready: Course) -> None:
    done = ready.lab("start", "desk", "--runtime", "process", timeout_s=300)

    assert done.returncode == 0 and "`lab live desk` shows all of it on one page." in done.stdout
    assert not record.kept("desk").served


@pytest.mark.slow
def test_live_serves_until_ctrl_c_and_stop(ready: Course) -> None:
    assert ready.lab("start", "desk", "--runtime", "process", timeout_s=300).returncode == 0
    for end in ("ctrl-c", "stop"):
        process = begin(["live", "desk", "--print"], ready.environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        url = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/#[\w-]{32}", url)
        assert httpx.get(url.partition("#")[0]).status_code == 200
        again = ready.lab("live", "desk", "--print")
        assert again.returncode == 0 and again.stdout.splitlines()[0] == url

        if end == "ctrl-c":
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 130
        else:
            assert ready.lab("stop", "desk").returncode == 0
            assert process.wait(30) == 0
            assert "desk was stopped, and its page with it." in process.stdout.read()
        process.stdout.close()
        assert not record.kept("desk").served


def on_a_terminal(course: Course, *arguments: str, **variables: str) -> tuple[int, str]:
    """How `lab` ends on a terminal, and what it said."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in course.environment.items() if name != "CI"}
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), theirs)
    process = begin(list(arguments), {**environment, **variables}, start_new_session=True, **streams)
    os.close(theirs)
    text = b""
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:  # the last one has closed it
            more = b""
        if not more:
            break
        text += more
    os.close(ours)
    return process.wait(60), text.decode()


@pytest.mark.slow
def test_start_on_a_terminal_opens_the_page_and_stop_ends_it(ready: Course, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {tmp_path}/opened\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    where = {"DISPLAY": ":7", "BROWSER": f"{browser} %s"}

    code, said = on_a_terminal(ready, "start", "desk", "--runtime", "process", **where)

    assert code == 0, said
    page = record.kept("desk")
    assert page.served and page.alone and page.url in said
    within(30, lambda: (tmp_path / "opened").is_file() and (tmp_path / "opened").read_text() == page.url)
    family = [psutil.Process(page.pid), *psutil.Process(page.pid).children(recursive=True)]

    code, said = on_a_terminal(ready, "start", "desk", **where)
    assert code == 0 and record.kept("desk") == page and page.url in said

    assert ready.lab("stop", "desk").returncode == 0
    assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family)


@pytest.mark.slow
def test_a_page_of_its_own_ends_when_all_that_is_remembered_is_removed(ready: Course) -> None:
    code, said = on_a_terminal(ready, "start", "desk", "--runtime", "process", DISPLAY=":7", BROWSER="true")
    assert code == 0, said
    process = psutil.Process(record.kept("desk").pid)
    kept = (ready.root / ".brownout/workspaces/desk.json").read_bytes()

    (ready.root / ".brownout/workspaces/desk.json").unlink()
    process.wait(30)

    (ready.root / ".brownout/workspaces/desk.json").write_bytes(kept)
