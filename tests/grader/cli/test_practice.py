"""A lab from start to stop, on processes, with the toy lab that `lab new` makes."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from grader.cli import author
from grader.cli.grading import alone
from grader.cli.watch import CLEAR
from grader.practice import rig, workspace
from infra.errors import RuntimeUnavailable
from infra.home import home
from infra.runtime import runtime
from tests.calm import calm
from tests.grader.course import Course, begin
from tests.waiting import eventually

PATIENCE_S = 200.0
ROUTING = "work/desk/desk/routing.py"


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
    """A course whose toy lab runs until the last test is over."""
    course = Course(tmp_path_factory.mktemp("shared") / "course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWNOUT_COURSE", str(course.root))
        author.new("desk")
        calm(course.root / "labs" / "desk" / "rehearsal")
        calm(course.root / "scenarios" / "desk")
        started(course)
        yield course
        course.lab("stop", "desk")


@pytest.fixture
def running(shared: Course, monkeypatch: pytest.MonkeyPatch) -> Iterator[Course]:
    """The toy lab, started; afterwards it runs as shipped again."""
    monkeypatch.setenv("BROWNOUT_COURSE", str(shared.root))
    path = shared.root / ROUTING
    shipped = path.read_text()
    yield shared
    if path.read_text() != shipped:
        path.write_text(shipped)
        assert shared.lab("restart", "desk").returncode == 0


def page(course: Course) -> str:
    return course.lab("open", "desk", "--print").stdout.strip()


def test_from_start_to_stop(desk: Course) -> None:
    started(desk)
    again = desk.lab("start", "desk")
    assert again.returncode == 0
    assert "runs already" in again.stdout and "starting" not in again.stderr

    url = page(desk)
    assert json.load(urllib.request.urlopen(url))["team"] == "amber"

    traffic = workspace.load("desk").traffic
    assert traffic and psutil.pid_exists(traffic.pid)
    family = [psutil.Process(traffic.pid), *psutil.Process(traffic.pid).children(recursive=True)]

    status = desk.lab("status", "desk").stdout
    assert "running on process" in status and url in status

    stopped = desk.lab("stop", "desk")
    assert "stopped" in stopped.stdout
    assert not any(process.is_running() for process in family)
    assert desk.lab("logs", "desk").returncode == 2

    started(desk)
    assert page(desk) == url  # a page that is open in a browser is still the right one
    desk.lab("stop", "desk")


def test_traffic_that_no_record_knows_of_ends_too(desk: Course) -> None:
    """The page is ended while its button changes the rate: the new traffic runs, and nobody has written it down."""
    started(desk)
    traffic = workspace.load("desk").traffic
    assert traffic
    family = [psutil.Process(traffic.pid), *psutil.Process(traffic.pid).children(recursive=True)]
    workspace.update("desk", traffic=None)

    assert desk.lab("stop", "desk").returncode == 0

    assert len(family) == 2 and not any(process.is_running() for process in family)


def test_traffic_is_as_dense_as_asked_for(running: Course) -> None:
    before = workspace.load("desk").traffic

    again = running.lab("start", "desk", "--rate", "40")

    assert again.returncode == 0 and "now with 40 requests a second" in again.stdout
    after = workspace.load("desk").traffic
    assert before and after and before != after and not psutil.pid_exists(before.pid)
    plan = json.loads((rig.traffic_folder("desk") / "plan.json").read_text())
    assert plan["trials"][0]["phases"][0]["rate"] == 40
    assert running.lab("start", "desk").returncode == 0 and workspace.load("desk").traffic == after
    assert running.lab("start", "desk", "--rate", "0").returncode == 2


def test_what_runs_beside_an_exam_that_proved_nothing_is_named(running: Course) -> None:
    assert alone("lab check desk", {"desk"}) == "lab doctor, then lab check desk"
    assert alone("lab grade other", set()) == "lab stop desk, then lab grade other"
    assert "to end it: lab stop desk" in running.lab("grade", "desk", "--submission", "nowhere").stderr


def test_a_home_that_is_another_or_cannot_be_written_is_named_with_what_to_say(
    running: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = home()
    monkeypatch.setenv("BROWNOUT_HOME", str(tmp_path))
    for command in ("stop", "start", "logs"):
        done = running.lab(command, "desk")
        assert done.returncode == 2 and done.stderr.endswith(f"say this first: export BROWNOUT_HOME={kept}\n")

    (tmp_path / "file").touch()
    monkeypatch.setenv("BROWNOUT_HOME", str(tmp_path / "file" / "home"))
    done = running.lab("check", "desk")
    assert done.returncode == 2 and "cannot be written (Not a directory)" in done.stderr
    assert done.stderr.endswith("for another folder: export BROWNOUT_HOME=$HOME/.brownout\n")


def test_background_traffic_is_seen_in_the_logs(running: Course) -> None:
    deadline = time.monotonic() + 30
    while "KeyError" not in (text := running.lab("logs", "desk").stdout):
        assert time.monotonic() < deadline, text
        time.sleep(0.5)


def test_edits_reach_the_system_by_restart(running: Course) -> None:
    path = running.root / ROUTING
    path.write_text(path.read_text().replace('"amber"', '"azure"'))

    assert running.lab("restart", "desk").returncode == 0

    assert json.load(urllib.request.urlopen(page(running)))["team"] == "azure"


def test_code_that_does_not_parse_is_shown_with_file_and_line(running: Course) -> None:
    path = running.root / ROUTING
    path.write_text("TEAMS = [\n")

    done = running.lab("restart", "desk")

    assert done.returncode == 1
    assert "service desk exited" in done.stderr
    assert "routing.py" in done.stderr and "line 1" in done.stderr and "SyntaxError" in done.stderr


def test_a_known_design_runs_for_who_has_passed(desk: Course) -> None:
    refused = desk.lab("start", "desk", "--control", "reference")
    assert refused.returncode == 2 and "once you have passed" in refused.stderr
    workspace.update("desk", passed=True)
    assert "it has: shipped, alternative" in desk.lab("start", "desk", "--control", "none").stderr

    done = desk.lab("start", "desk", "--runtime", "process", "--control", "reference", timeout_s=300)

    try:
        assert done.returncode == 0, done.stderr
        assert "It runs the control reference, not your files" in done.stdout
        assert "It runs the control reference" in desk.lab("status", "desk").stdout
        assert "runs the control reference again" in desk.lab("restart", "desk").stdout
        asked = page(desk).replace("customer=Ada", "customer=Zoe")
        assert asked != page(desk) and json.load(urllib.request.urlopen(asked))["team"]
    finally:
        assert desk.lab("stop", "desk").returncode == 0
    assert not list((desk.root / ".brownout" / "control").iterdir())


def test_a_start_that_fails_leaves_nothing_and_loses_no_edit(desk: Course) -> None:
    workspace.create("desk")
    (desk.root / ROUTING).write_text("TEAMS = [\n")

    done = desk.lab("start", "desk", "--runtime", "process", timeout_s=300)

    assert done.returncode == 1
    assert "SyntaxError" in done.stderr and "lab diff desk" in done.stderr
    assert "Tickets that never reach a team" in done.stdout, "the brief is there to be read meanwhile"
    assert desk.lab("stop", "desk").stdout.startswith("desk does not run")
    assert (desk.root / ROUTING).read_text() == "TEAMS = [\n"


@pytest.mark.slow
def test_the_rehearsal_misses_as_shipped_and_keeps_when_mended(running: Course) -> None:
    shipped = running.lab("check", "desk", "--seed", "7")
    assert shipped.returncode == 1, shipped.stderr
    assert "missed" in shipped.stdout
    assert "Log of desk, an ordinary day: " in shipped.stdout and "\n| KeyError: " in shipped.stdout

    path = running.root / ROUTING
    path.write_text(running.routing("reference"))

    mended = running.lab("check", "desk", "--seed", "7")
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert "lab grade desk" in mended.stdout.splitlines()[-1]


def test_one_rehearsal_at_a_time_and_one_that_is_ended_leaves_nothing(running: Course) -> None:
    out = running.root / "results/desk/rehearsal"
    left = out / "logs" / "day.0" / "desk.log"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_text("of a run that was ended in the middle\n")
    first = begin(("check", "desk"), running.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        eventually((out / "raw").is_dir)

        second = running.lab("check", "desk")

        assert second.returncode == 2 and second.stdout == ""
        assert re.fullmatch(r"lab: a rehearsal of desk runs already, since \d\d:\d\d; wait, .*\n", second.stderr)
        assert (out / "raw").is_dir() and first.poll() is None
    finally:
        first.send_signal(signal.SIGINT)
    assert first.wait(30) == 130 and not out.exists()


@pytest.mark.slow
def test_the_exam_of_the_toy_lab(desk: Course) -> None:
    reference = str(desk.root / "scenarios/desk/controls/reference")

    done = desk.lab("grade", "desk", "--submission", reference, "--runtime", "process", "--json", "--seed", "3")

    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["verdict"] == "pass" and result["seed"] == 3
    [run] = (desk.root / "results/desk").iterdir()
    assert {"result.json", "report.html", "junit.xml", "events.parquet"} <= {path.name for path in run.iterdir()}
    before = (run / "result.json").read_bytes()
    assert desk.lab("judge", str(run)).returncode == 0
    assert (run / "result.json").read_bytes() == before


@pytest.mark.proof
def test_the_toy_lab_is_proven(desk: Course) -> None:
    rows = desk.root / "rows.json"

    done = desk.lab("verify", "desk", "--runtime", "process", "--json", str(rows), timeout_s=300)

    assert done.returncode == 0, done.stdout
    kinds = {row["kind"] for row in json.loads(rows.read_text()) if row["holds"]}
    assert kinds == {"shipped", "reference", "alternative", "fake"}


@pytest.mark.proof
def test_one_control_is_proven_by_its_name(desk: Course) -> None:
    rows = desk.root / "rows.json"

    done = desk.lab("verify", "desk", "--control", "reference", "--json", str(rows), timeout_s=300)

    assert done.returncode == 0, done.stdout
    assert [row["control"] for row in json.loads(rows.read_text())] == ["reference"]


class Terminal:
    """A command of `lab` on a terminal of its own."""

    def __init__(self, course: Course, *command: str) -> None:
        self.ours, self.theirs = pty.openpty()
        self.before = termios.tcgetattr(self.theirs)
        streams = dict.fromkeys(("stdin", "stdout", "stderr"), self.theirs)
        self.process = begin(command, course.environment, start_new_session=True, **streams)
        self.text = ""

    def until(self, pattern: str, timeout_s: float = PATIENCE_S) -> None:
        """Read until the pattern was seen in what was not yet matched."""
        deadline = time.monotonic() + timeout_s
        while not (found := re.search(pattern, self.text)):
            assert time.monotonic() < deadline, self.text
            if select.select([self.ours], [], [], 0.2)[0]:
                self.text += os.read(self.ours, 65536).decode("utf-8", "replace")
        self.text = self.text[found.end() :]

    def press(self, key: str) -> None:
        os.write(self.ours, key.encode())

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.ours)
        os.close(self.theirs)


@pytest.fixture
def watched(running: Course) -> Iterator[Terminal]:
    session = Terminal(running, "watch", "desk")
    yield session
    session.close()


@pytest.mark.parametrize(
    ("key", "taken"), [("y", 1), ("n", 0), ("", 0), ("\x04", 0)], ids=["yes", "no", "enter", "end"]
)
def test_a_hint_is_spent_only_after_a_yes_on_the_terminal(desk: Course, key: str, taken: int) -> None:
    asking = Terminal(desk, "hint", "desk")
    try:
        asking.until(r"This would be hint 1 of 3. An interviewer would note it")
        asking.until(r"Take it\? \[y/N\] ")
        asking.press(key if key == "\x04" else f"{key}\n")
        asking.until("That was hint 1 of 3" if taken else "No hint was taken")
    finally:
        asking.close()

    assert workspace.load("desk").hints == taken


def test_yes_takes_a_hint_without_asking(desk: Course) -> None:
    taking = Terminal(desk, "hint", "desk", "--yes")
    try:
        taking.until("That was hint 1 of 3")
    finally:
        taking.close()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_watch_rehearses_on_save_and_puts_the_terminal_back(running: Course, watched: Terminal) -> None:
    watched.until("missed")
    watched.until("q quit")

    (running.root / ROUTING).write_text(running.routing("reference"))
    watched.until("restarting desk")
    watched.until("Pass")
    watched.until("q quit")

    watched.press("h")
    watched.until(r"Press y to take the\s+next\s+one")
    watched.press("n")
    watched.until("q quit")
    assert workspace.load("desk").hints == 0
    watched.press("h")
    watched.until(r"Press y to take the\s+next\s+one")
    watched.press("y")
    watched.until("hint 1 of 3")
    watched.press("d")
    watched.until(r"\+\+\+ work/desk/routing.py")

    watched.press("q")
    assert watched.process.wait(15) == 0
    assert termios.tcgetattr(watched.theirs) == watched.before


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_watch_takes_the_exam_and_a_save_waits_for_its_end(running: Course, watched: Terminal) -> None:
    watched.until("g exam")

    watched.press("g")
    watched.until(re.escape(CLEAR))
    watched.until("running|starting|preparing")
    (running.root / ROUTING).write_text(running.routing("reference"))
    watched.until("rehearsed once the exam is over")
    watched.until("Next +lab report desk, or lab hint desk")
    watched.until(re.escape(CLEAR))
    watched.until("Pass")

    watched.press("q")
    assert watched.process.wait(15) == 0
    assert workspace.load("desk").verdict == "fail"


@pytest.mark.slow
def test_watch_can_be_left_while_it_rehearses(watched: Terminal) -> None:
    watched.until("running|starting")

    watched.press("q")

    assert watched.process.wait(15) == 0
    assert termios.tcgetattr(watched.theirs) == watched.before
