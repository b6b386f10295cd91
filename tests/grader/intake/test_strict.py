"""What a stranger hands in: open files are taken and nothing else is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from grader.course import catalog
from grader.course.files import MOST_ENTRIES
from grader.errors import BadInput
from grader.intake.handed_in import opened
from grader.intake.submission import stage
from grader.practice import workspace
from tests.grader.course import Course

ROUTING = PurePosixPath("desk/routing.py")


@pytest.fixture
def work(desk: Course) -> Path:
    """A workspace of the lab, with an edit."""
    workspace.create("desk")
    folder = workspace.folder("desk")
    (folder / ROUTING).write_text("changed = True\n")
    return folder


def test_what_lies_beside_open_files_is_left_aside_and_named(work: Path, tmp_path: Path) -> None:
    (work / "README.md").write_text("# How I did it\n")
    (work / "compose.yaml").write_text("services: {}\n")
    (work / "LICENSE").write_bytes(b"x" * (8 << 20))
    (work / "rehearsal" / "load.py").unlink()
    lab = catalog.find_lab("desk")

    staged = stage(lab, work, tmp_path / "stage", strict=True)

    assert [str(path) for path in staged.aside] == ["LICENSE", "README.md", "compose.yaml"]
    assert staged.files == (PurePosixPath("desk/main.py"), ROUTING)
    assert {path.name for path in (tmp_path / "stage").rglob("*") if path.is_file()} == {"main.py", "routing.py"}
    assert (staged.path / ROUTING).read_text() == "changed = True\n"


def test_a_sound_workspace_leaves_nothing_aside(work: Path, tmp_path: Path) -> None:
    assert stage(catalog.find_lab("desk"), work, tmp_path / "stage", strict=True).aside == ()


def test_a_folder_without_open_files_is_refused(desk: Course, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "controller.py").write_text("")

    with pytest.raises(BadInput, match=r"other has none of the files that may be edited \(desk\)$"):
        stage(catalog.find_lab("desk"), tmp_path / "other", tmp_path / "stage", strict=True)


def test_a_hard_link_is_refused_from_strangers_only(work: Path, tmp_path: Path) -> None:
    os.link(work / ROUTING, tmp_path / "another name")
    lab = catalog.find_lab("desk")

    with pytest.raises(BadInput, match=r"routing\.py is a hard link, another name of a file elsewhere; replace it"):
        stage(lab, work, tmp_path / "stage", strict=True)
    assert ROUTING in stage(lab, work, tmp_path / "again").files


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("link", ["work", "work/desk"])
def test_a_repository_cannot_lead_to_anothers_workspace(work: Path, tmp_path: Path, link: str, strict: bool) -> None:
    mine = tmp_path / "mine"
    (mine / link).parent.mkdir(parents=True)
    (mine / link).symlink_to(work if link == "work/desk" else work.parent)

    with (
        pytest.raises(BadInput, match="is a symbolic link"),
        opened(mine, "desk", tmp_path / "scratch", strict=strict) as handed,
    ):
        stage(catalog.find_lab("desk"), handed, tmp_path / "stage", strict=strict)


@pytest.mark.parametrize("what", ["folder", "archive"])
def test_a_submission_that_is_a_link_itself_is_refused(work: Path, tmp_path: Path, what: str) -> None:
    (tmp_path / "archive").write_bytes(b"")
    (tmp_path / "answer").symlink_to(work if what == "folder" else tmp_path / "archive")

    with (
        pytest.raises(BadInput, match="answer is a symbolic link; name what it leads to"),
        opened(tmp_path / "answer", "desk", tmp_path / "scratch", strict=True),
    ):
        pass


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir], ids=["files", "folders"])
def test_a_folder_with_too_much_in_it_is_refused(work: Path, tmp_path: Path, make: Callable[[Path], None]) -> None:
    (work / "notes").mkdir()
    for number in range(MOST_ENTRIES):
        make(work / "notes" / str(number))

    with pytest.raises(BadInput, match=f"holds more than {MOST_ENTRIES} files and folders; remove some"):
        stage(catalog.find_lab("desk"), work, tmp_path / "stage", strict=True)
