"""A workspace keeps every edit, whatever is asked of it."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from grader.course import catalog
from grader.errors import BadInput
from grader.intake import staging
from grader.practice import workspace
from grader.practice.background import Background
from grader.practice.workspace import State
from tests.grader.course import Course

ROUTING = "desk/routing.py"


def test_a_workspace_is_a_copy_that_is_made_once(desk: Course) -> None:
    assert workspace.create("desk")
    (workspace.folder("desk") / ROUTING).write_text("mine\n")

    assert not workspace.create("desk")
    assert (workspace.folder("desk") / ROUTING).read_text() == "mine\n"
    assert (workspace.folder("desk") / "rehearsal/load.py").is_file()


def test_a_copy_that_fails_leaves_nothing(desk: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.course.files.write", full)

    with pytest.raises(BadInput, match="No space left on device"):
        workspace.create("desk")
    assert not workspace.exists("desk")
    assert not list((desk.root).glob("work/.*"))


def test_changes_name_what_was_changed_added_and_deleted(desk: Course) -> None:
    workspace.create("desk")
    work = workspace.folder("desk")
    (work / ROUTING).write_text((work / ROUTING).read_text() + "# more\n")
    (work / "desk/new.py").write_text("x = 1\n")
    (work / "desk/main.py").unlink()
    (work / "desk/data.bin").write_bytes(b"\xff\xfe")

    changes = {str(change.path): change for change in workspace.changes("desk")}

    assert {path: change.what for path, change in changes.items()} == {
        "desk/data.bin": "added",
        "desk/main.py": "deleted",
        "desk/new.py": "added",
        ROUTING: "changed",
    }
    assert changes[ROUTING].lines[-1] == "+# more"
    assert changes["desk/new.py"].lines[:2] == ["--- /dev/null", "+++ work/desk/new.py"]
    assert "Binary" in changes["desk/data.bin"].lines[0]


def test_reset_puts_back_and_keeps_a_copy(desk: Course) -> None:
    workspace.create("desk")
    work = workspace.folder("desk")
    (work / ROUTING).write_text("mine\n")
    (work / "desk/new.py").write_text("x = 1\n")

    changes, kept = workspace.reset("desk")

    assert len(changes) == 2
    assert kept is not None
    assert (kept / ROUTING).read_text() == "mine\n"
    assert (kept / "desk/new.py").is_file()
    assert workspace.changes("desk") == []
    assert workspace.reset("desk") == ([], None)


def test_two_resets_in_one_second_keep_two_copies(desk: Course) -> None:
    workspace.create("desk")
    kept = []
    for text in ("first\n", "second\n"):
        (workspace.folder("desk") / ROUTING).write_text(text)
        kept.append(workspace.reset("desk")[1])

    assert [(path / ROUTING).read_text() for path in kept if path] == ["first\n", "second\n"]


def test_reset_of_one_file_leaves_the_others(desk: Course) -> None:
    workspace.create("desk")
    work = workspace.folder("desk")
    (work / ROUTING).write_text("mine\n")
    (work / "README.md").write_text("scribbled\n")

    workspace.reset("desk", ("README.md",))

    assert [str(change.path) for change in workspace.changes("desk")] == [ROUTING]


def test_reset_of_an_unknown_file_is_refused(desk: Course) -> None:
    workspace.create("desk")

    with pytest.raises(BadInput, match=r"nothing\.py is no file"):
        workspace.reset("desk", ("nothing.py",))


def test_a_link_in_place_of_a_file_is_put_back_without_touching_its_target(desk: Course, tmp_path: Path) -> None:
    workspace.create("desk")
    outside = tmp_path / "outside.py"
    outside.write_text("not ours\n")
    (workspace.folder("desk") / ROUTING).unlink()
    (workspace.folder("desk") / ROUTING).symlink_to(outside)

    workspace.reset("desk")

    assert outside.read_text() == "not ours\n"
    assert workspace.changes("desk") == []


def test_state_survives_and_a_damaged_record_is_a_new_one(desk: Course) -> None:
    state = State(
        deployment="lab-desk", runtime="process", traffic=Background(1, 2.0), sync=Background(3, 4.0), hints=2
    )
    workspace.save("desk", state)
    assert workspace.load("desk") == state

    (desk.root / ".brownout/workspaces/desk.json").write_text('{"traffic": 3')
    assert workspace.load("desk") == State()


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (State(), "started"),
        (State(deployment="x", boot=workspace.boot_id()), "running"),
        (State(deployment="x", boot="another boot"), "started"),
        (State(verdict="fail"), "failed"),
        (State(verdict="fail", passed=True), "passed"),
    ],
)
def test_status_in_one_word(desk: Course, state: State, word: str) -> None:
    assert workspace.status("desk") == "new"
    workspace.create("desk")
    workspace.save("desk", state)
    assert workspace.status("desk") == word


def test_only_one_command_at_a_time(desk: Course) -> None:
    with workspace.lock("desk"), pytest.raises(BadInput, match="another `lab` command"), workspace.lock("desk"):
        pass


def test_another_command_is_waited_for_if_asked_to(desk: Course) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with workspace.lock("desk"):
            held.set()
            done.wait(0.3)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    with workspace.lock("desk", wait_s=20):
        done.set()
    holder.join()


def test_the_nearest_lab_is_suggested(desk: Course) -> None:
    with pytest.raises(BadInput, match="did you mean desk"):
        catalog.find_lab("desc")


def test_a_stage_of_a_process_that_is_gone_is_abandoned(desk: Course) -> None:
    gone = desk.root / ".brownout/stage/999999-1.00"
    gone.mkdir(parents=True)

    with staging.folder() as folder:
        folder.mkdir()
        assert staging.abandoned() == [gone]
        assert folder.parent.name.startswith(f"{os.getpid()}-")
    assert not folder.parent.exists()
