"""What commands tell a page, and where it is served: whole, for one run at a time, and no trouble for the run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from grader.errors import BadInput
from grader.practice.live import journal, record
from grader.practice.live.commands import Commands
from grader.practice.live.shown import run as shown
from grader.result import Progress, TrialProgress
from tests.grader.course import Course

PROGRESS = Progress("measuring", 3.0, 12.0, (TrialProgress("a good release", "running", "rollout", 80.0, 10, 1),))


def test_a_run_is_told_of_while_it_goes_on(desk: Course, tmp_path: Path) -> None:
    assert journal.now("desk") is None
    with journal.run("desk", "rehearsal", tmp_path) as tell:
        before = journal.now("desk")
        tell(PROGRESS)
        now = journal.now("desk")
        tell(Progress("removing", 9.0, 12.0))
    after = journal.now("desk")

    assert before and before["running"] and before["progress"] is None
    assert now and now["running"] and now["out"] == str(tmp_path)
    assert after and not after["running"] and after["progress"]["stage"] == "removing"
    assert len(after["progress"]["trials"]) == 1, "the last that is known of them"
    view = shown(now, None)
    assert view and view["trials"] == [
        {"title": "a good release", "state": "running", "phase": "rollout", "rate": 80.0, "done": 10, "bad": 1}
    ]


def test_a_second_run_is_not_told_of(desk: Course, tmp_path: Path) -> None:
    with journal.run("desk", "rehearsal", tmp_path), journal.run("desk", "exam", tmp_path) as tell:
        tell(PROGRESS)
        now = journal.now("desk")

    assert now and now["what"] == "rehearsal" and now["progress"] is None


def test_a_run_that_was_killed_does_not_run(desk: Course, tmp_path: Path) -> None:
    code = "import sys, time, pathlib\nfrom grader.practice.live import journal as told\n"
    code += "with told.run('desk', 'exam', pathlib.Path('/x')):\n    print('told', flush=True)\n    time.sleep(600)\n"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=desk.environment)
    assert process.stdout and process.stdout.readline()
    now = journal.now("desk")
    assert now and now["running"]

    process.kill()
    process.wait()
    process.stdout.close()

    now = journal.now("desk")
    assert now and not now["running"]


def test_a_folder_that_cannot_be_written_disturbs_no_run(desk: Course, tmp_path: Path) -> None:
    (desk.root / ".brownout").mkdir(exist_ok=True)
    (desk.root / ".brownout" / "live").write_text("in the way")
    with journal.run("desk", "exam", tmp_path) as tell:
        tell(PROGRESS)
    journal.restarted("desk", ["desk"], 1.0)
    journal.forget("desk")

    assert journal.now("desk") is None and journal.marks("desk") == []


@pytest.mark.parametrize("text", ["", "{", "[]", "3"])
def test_a_damaged_file_tells_of_no_run(desk: Course, text: str) -> None:
    record.folder("desk").mkdir(parents=True)
    (record.folder("desk") / journal.RUN).write_text(text)

    assert journal.now("desk") is None


def test_marks_last_until_the_lab_is_started_anew(desk: Course) -> None:
    journal.restarted("desk", ["desk"], 1.0)
    journal.restarted("desk", ["desk", "gate"], 1.0)
    assert [mark["services"] for mark in journal.marks("desk")] == [["desk"], ["desk", "gate"]]

    journal.forget("desk")

    assert journal.marks("desk") == []


def test_a_page_keeps_its_address(desk: Course) -> None:
    first = record.claim("desk", record.kept("desk"), 4711, alone=False)
    assert first.served and first.pid == os.getpid()
    assert (record.folder("desk") / record.NAME).stat().st_mode & 0o077 == 0
    record.leave("desk", first)

    kept = record.kept("desk")
    assert not kept.served and (kept.port, kept.secret) == (4711, first.secret)
    assert kept.url == f"http://127.0.0.1:4711/#{first.secret}"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"secret": "short"}', '{"secret": 3}', '{"port": 1}', '{"x": 1}'])
def test_a_damaged_record_is_a_new_one(desk: Course, text: str) -> None:
    record.folder("desk").mkdir(parents=True)
    (record.folder("desk") / record.NAME).write_text(text)

    assert not record.kept("desk").served and len(record.kept("desk").secret) == record.SECRET_LENGTH


def test_only_a_page_of_its_own_process_is_ended(desk: Course) -> None:
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    created = psutil.Process(sleeper.pid).create_time()
    page = replace(record.kept("desk"), port=1, pid=sleeper.pid, created=created)

    assert not page.end() and sleeper.poll() is None
    assert not replace(page, alone=True, created=created - 60).end() and sleeper.poll() is None
    assert replace(page, alone=True).end()
    sleeper.wait(30)


def ended(commands: Commands) -> None:
    give_up = time.monotonic() + 60
    while commands.runs or commands.said()["code"] is None:
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_a_button_runs_the_command_of_its_name(desk: Course) -> None:
    commands = Commands("desk")
    assert commands.said()["what"] == "" and not commands.cancel()

    commands.begin("restart")
    with pytest.raises(BadInput, match="`lab restart` still runs"):
        commands.begin("check")
    ended(commands)

    said = commands.said()
    assert said["what"] == "restart" and said["code"] == 2
    commands.close()
    assert "desk does not run; start it with `lab start desk`" in " ".join(commands.said()["lines"])


@pytest.mark.parametrize("what", ["", "stop", "grade --submission /", "verify"])
def test_there_are_no_other_buttons(desk: Course, what: str) -> None:
    with pytest.raises(BadInput, match="no command"):
        Commands("desk").begin(what)
