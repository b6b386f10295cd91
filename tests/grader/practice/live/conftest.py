"""The toy lab, running, with its page served in this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.cli import author
from grader.practice import workspace
from grader.practice.live import journal, watcher
from grader.practice.live.serving import Serving, serving
from grader.practice.seat import Seat
from infra.errors import RuntimeUnavailable
from infra.runtime import runtime
from tests.calm import calm
from tests.grader.course import Course

ROUTING = Path("work/desk/desk/routing.py")
MAIN = Path("work/desk/desk/main.py")


def started(course: Course) -> None:
    """The toy lab runs."""
    try:
        runtime("process").check()
    except RuntimeUnavailable as error:
        pytest.skip(str(error))
    done = course.lab("start", "desk", "--runtime", "process", timeout_s=300)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """A course whose toy lab runs until the last test of a module is over."""
    course = Course(tmp_path_factory.mktemp("shared") / "course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWNOUT_COURSE", str(course.root))
        author.new("desk")
        for folder in ("labs/desk/rehearsal", "scenarios/desk"):
            calm(course.root / folder)
        started(course)
        yield course
        course.lab("stop", "desk")


@pytest.fixture
def running(shared: Course, monkeypatch: pytest.MonkeyPatch) -> Iterator[Course]:
    """The toy lab, started; afterwards it runs as shipped again, and nothing is remembered."""
    monkeypatch.setenv("BROWNOUT_COURSE", str(shared.root))
    shipped = {path: (shared.root / path).read_text() for path in (ROUTING, MAIN)}
    yield shared
    journal.forget("desk")
    workspace.update("desk", hints=0, verdict="", passed=False, last_run="")
    if changed := [path for path, text in shipped.items() if (shared.root / path).read_text() != text]:
        for path in changed:
            (shared.root / path).write_text(shipped[path])
        assert shared.lab("restart", "desk").returncode == 0


@pytest.fixture
def served(running: Course, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    """Its page, which looks often."""
    for name in ("EVERY_S", "RUN_S", "SELDOM_S"):
        monkeypatch.setattr(watcher, name, 0.2)
    with serving(Seat("desk")) as page:
        yield page


def within(seconds: float, holds: Callable[[], object], what: object = "") -> None:
    """Wait until it holds."""
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, what
        time.sleep(0.05)
