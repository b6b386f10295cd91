"""`lab start` ended by a signal while the system starts: nothing is left, and the next start is like the first."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import Any

import pytest

from grader.practice import rig, workspace
from infra.errors import PlatformBroken, RuntimeUnavailable, UnknownService
from infra.runtime import runtime
from tests.grader.course import Course, begin
from tests.waiting import eventually

PATIENCE_S = 90.0
BEGUN = "begun, and not ready"
SLOW_START = f"import time; print({BEGUN!r}, flush=True); time.sleep(600)\n"

pytestmark = pytest.mark.timeout(400)


@pytest.mark.parametrize("place", ["process", pytest.param("compose", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow)]
)
def test_a_start_that_is_interrupted_leaves_nothing(
    desk: Course, place: str, number: signal.Signals, code: int
) -> None:
    try:
        runtime(place).check()
    except RuntimeUnavailable as error:
        pytest.skip(str(error))
    shipped = (desk.root / "labs/desk/desk/routing.py").read_text()
    (desk.root / "labs/desk/desk/routing.py").write_text(SLOW_START + shipped)
    streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    begun = begin(["start", "desk", "--runtime", place], desk.environment, text=True, **streams)
    deadline = time.monotonic() + PATIENCE_S
    while not begins(place):
        assert begun.poll() is None, begun.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.05)

    os.kill(begun.pid, number)

    said, _ = begun.communicate(timeout=PATIENCE_S)
    assert begun.returncode == code, said
    assert "Traceback" not in said
    assert "Stopped the start of desk; nothing of it runs" in said
    assert not there(place)
    assert rig.name("desk") not in runtime(place).leftovers()

    (desk.root / "work/desk/desk/routing.py").write_text(shipped)
    again = desk.lab("start", "desk", "--runtime", place, timeout_s=PATIENCE_S)
    stopped = desk.lab("stop", "desk")
    assert (again.returncode, stopped.returncode) == (0, 0), again.stderr


@pytest.mark.parametrize("command", ["check", "grade"])
def test_an_exam_that_is_interrupted_says_so_and_leaves_no_folder(desk: Course, command: str) -> None:
    try:
        runtime("process").check()
    except RuntimeUnavailable as error:
        pytest.skip(str(error))
    before = set(runtime("process").leftovers())
    (desk.root / "labs/desk/desk/routing.py").write_text(SLOW_START)
    workspace.create("desk")
    streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    begun = begin([command, "desk", "--runtime", "process"], desk.environment, text=True, **streams)
    eventually(lambda: list((desk.root / "results").glob("desk/*/raw")))

    os.kill(begun.pid, signal.SIGINT)

    said, _ = begun.communicate(timeout=PATIENCE_S)
    what = {"check": "the rehearsal of desk", "grade": "the exam of desk"}[command]
    assert (begun.returncode, "Traceback" in said) == (130, False)
    assert f"Stopped {what}; its systems are removed, and no result is kept." in said
    assert not [path for path in (desk.root / "results").glob("desk/*") if path.is_dir()]
    assert set(runtime("process").leftovers()) <= before


def begins(place: str) -> bool:
    """Whether the service that is never ready was started: earlier, nothing of it could be left."""
    try:
        return BEGUN in runtime(place).attach(rig.name("desk")).logs("desk")
    except (UnknownService, PlatformBroken):
        return False


def there(place: str) -> bool:
    """Whether the system, or a part of it, is seen."""
    try:
        return bool(runtime(place).attach(rig.name("desk")).services)
    except UnknownService:
        return False
