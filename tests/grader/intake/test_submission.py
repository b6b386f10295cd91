"""What may be handed in, and what is refused by name."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from grader.course import catalog, files
from grader.errors import BadInput
from grader.intake import submission
from grader.intake.handed_in import opened
from grader.intake.submission import stage
from grader.practice import workspace
from grader.practice.packing import pack
from tests.grader.course import Course

ROUTING = PurePosixPath("desk/routing.py")


@pytest.fixture
def work(desk: Course) -> Path:
    """A workspace of the lab."""
    workspace.create("desk")
    return workspace.folder("desk")


def test_shipped_files_are_staged_without_a_submission(desk: Course, tmp_path: Path) -> None:
    lab = catalog.find_lab("desk")

    staged = stage(lab, None, tmp_path / "stage")

    assert staged.files == (PurePosixPath("desk/main.py"), ROUTING)
    assert (staged.path / ROUTING).read_bytes() == (lab.folder / ROUTING).read_bytes()
    assert not (staged.path / "lab.yaml").exists()


def test_a_workspace_with_an_edit_is_staged(work: Path, tmp_path: Path) -> None:
    (work / ROUTING).write_text("changed = True\n")
    (work / "desk" / "extra.py").write_text("new = True\n")

    staged = stage(catalog.find_lab("desk"), work, tmp_path / "stage")

    assert (staged.path / ROUTING).read_text() == "changed = True\n"
    assert PurePosixPath("desk/extra.py") in staged.files


def test_a_folder_with_only_open_files_is_laid_over_the_shipped_ones(desk: Course, tmp_path: Path) -> None:
    only = tmp_path / "mine" / "desk"
    only.mkdir(parents=True)
    (only / "routing.py").write_text("mine = True\n")

    staged = stage(catalog.find_lab("desk"), only.parent, tmp_path / "stage")

    assert (staged.path / ROUTING).read_text() == "mine = True\n"
    assert (staged.path / "desk/main.py").is_file()
    assert staged.kept == (PurePosixPath("desk/main.py"),)


def as_zip(folder: Path) -> Path:
    return Path(shutil.make_archive(str(folder), "zip", folder))


def as_tar(folder: Path) -> Path:
    return Path(shutil.make_archive(str(folder), "gztar", folder))


def as_bundle(folder: Path) -> Path:
    git = ["git", "-C", str(folder), "-c", "user.name=Ada", "-c", "user.email=ada@localhost"]
    file = folder.with_suffix(".bundle")
    for words in (["init"], ["add", "."], ["commit", "-m", "Mend"], ["bundle", "create", str(file), "HEAD"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    return file


@pytest.mark.parametrize("packed", [Path, as_zip, as_tar, as_bundle])
@pytest.mark.parametrize("strict", [False, True])
def test_a_folder_that_is_handed_in_whole_replaces_the_shipped_one(
    desk: Course, tmp_path: Path, packed: Callable[[Path], Path], strict: bool
) -> None:
    lab = catalog.find_lab("desk")
    (lab.folder / "desk/old.py").write_text("old = True\n")
    whole = tmp_path / "mine" / "desk"
    shutil.copytree(lab.folder / "desk", whole)
    (whole / "old.py").unlink()
    (whole / "routing.py").write_text("mine = True\n")

    with opened(packed(whole.parent), "desk", tmp_path / "open" / "in") as handed:
        staged = stage(lab, handed, tmp_path / "stage", strict=strict)

    assert staged.files == (PurePosixPath("desk/main.py"), ROUTING)
    assert not (staged.path / "desk/old.py").exists() and not staged.kept


@pytest.mark.parametrize("strict", [False, True])
def test_a_file_that_was_deleted_stays_away_once_it_is_packed(work: Path, tmp_path: Path, strict: bool) -> None:
    (work / ROUTING).unlink()
    pack("desk", tmp_path / "mine.zip")

    with opened(tmp_path / "mine.zip", "desk", tmp_path / "open") as handed:
        staged = stage(catalog.find_lab("desk"), handed, tmp_path / "stage", strict=strict)

    assert staged.files == (PurePosixPath("desk/main.py"),)
    assert not staged.kept


@pytest.mark.parametrize(("edit", "unchanged"), [("", True), ("changed = True\n", False)])
def test_a_workspace_without_an_edit_changes_nothing(work: Path, tmp_path: Path, edit: str, unchanged: bool) -> None:
    if edit:
        (work / ROUTING).write_text(edit)

    staged = stage(catalog.find_lab("desk"), work, tmp_path / "stage")

    assert submission.changes_nothing(catalog.find_lab("desk"), staged) is unchanged


def test_a_deleted_file_changes_something(work: Path, tmp_path: Path) -> None:
    (work / "desk/main.py").unlink()

    staged = stage(catalog.find_lab("desk"), work, tmp_path / "stage")

    assert not submission.changes_nothing(catalog.find_lab("desk"), staged)


def test_what_a_workspace_deletes_is_deleted(work: Path, tmp_path: Path) -> None:
    (work / "desk/main.py").unlink()

    staged = stage(catalog.find_lab("desk"), work, tmp_path / "stage")

    assert staged.files == (ROUTING,)
    assert not (staged.path / "desk/main.py").exists()


def test_an_emptied_open_folder_is_still_there_to_be_mounted(work: Path, tmp_path: Path) -> None:
    for path in (work / "desk").iterdir():
        path.unlink()

    staged = stage(catalog.find_lab("desk"), work, tmp_path / "stage")

    assert staged.files == ()
    assert (staged.path / "desk").is_dir()


def test_what_tools_leave_behind_is_ignored(work: Path, tmp_path: Path) -> None:
    (work / "desk/__pycache__").mkdir()
    for name in ("desk/__pycache__/x.pyc", "desk/.DS_Store", "desk/routing.py~", "desk/.routing.py.swp", ".envrc"):
        (work / name).write_bytes(b"\0" * 10)

    staged = stage(catalog.find_lab("desk"), work, tmp_path / "stage")

    assert staged.files == (PurePosixPath("desk/main.py"), ROUTING)


def changed_sealed(work: Path) -> str:
    (work / "compose.yaml").write_text("services: {}\n")
    return "compose.yaml was changed"


def deleted_sealed(work: Path) -> str:
    (work / "README.md").unlink()
    return "README.md is missing"


def added_outside(work: Path) -> str:
    (work / "helper.py").write_text("")
    return "helper.py is not among the files that may be edited"


def link_in_open_folder(work: Path) -> str:
    (work / "desk/passwords").symlink_to("/etc/passwd")
    return "passwords is a symbolic link"


def linked_open_folder(work: Path) -> str:
    (work / "desk").rename(work.parent / "elsewhere")
    (work / "desk").symlink_to(work.parent / "elsewhere")
    return "desk is a symbolic link"


def fifo(work: Path) -> str:
    os.mkfifo(work / "desk/pipe")
    return "pipe is not a regular file"


def big_file(work: Path) -> str:
    (work / "desk/big.bin").write_bytes(b"x" * (files.MAX_FILE + 1))
    return "big.bin is larger than 1024 KiB"


def too_much(work: Path) -> str:
    for number in range(6):
        (work / f"desk/{number}.bin").write_bytes(b"x" * (files.MAX_FILE - number))
    return "more than 5 MiB of files (the largest is desk/0.bin)"


def too_many(work: Path) -> str:
    for number in range(submission.MAX_FILES):
        (work / f"desk/{number:04}.txt").touch()
    return f"more than {submission.MAX_FILES} files"


@pytest.mark.parametrize(
    "spoil",
    [
        changed_sealed,
        deleted_sealed,
        added_outside,
        link_in_open_folder,
        linked_open_folder,
        fifo,
        big_file,
        too_much,
        too_many,
    ],
)
def test_refused_by_name(work: Path, tmp_path: Path, spoil: Callable[[Path], str]) -> None:
    message = spoil(work)

    with pytest.raises(BadInput) as refused:
        stage(catalog.find_lab("desk"), work, tmp_path / "stage")

    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_folder_is_refused(desk: Course, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not a folder"):
        stage(catalog.find_lab("desk"), tmp_path / "nowhere", tmp_path / "stage")


def test_an_open_file_that_is_mounted_by_name_must_be_there(work: Path, tmp_path: Path) -> None:
    for folder in (catalog.lab_folder("desk"), work):
        text = (folder / "lab.yaml").read_text()
        (folder / "lab.yaml").write_text(text.replace("open: [desk]", "open: [desk/routing.py]"))
    (work / ROUTING).unlink()

    with pytest.raises(BadInput, match=r"desk/routing\.py is missing, and the system needs it"):
        stage(catalog.find_lab("desk"), work, tmp_path / "stage")


def test_sealed_files_beside_an_open_one_are_staged_as_shipped(work: Path, tmp_path: Path) -> None:
    for folder in (catalog.lab_folder("desk"), work):
        text = (folder / "lab.yaml").read_text()
        (folder / "lab.yaml").write_text(text.replace("open: [desk]", "open: [desk/routing.py]"))

    staged = stage(catalog.find_lab("desk"), work, tmp_path / "stage")

    assert staged.files == (ROUTING,)
    assert (staged.path / "desk/main.py").is_file()


def test_names_cannot_speak_to_the_terminal(work: Path, tmp_path: Path) -> None:
    (work / "\x1b[31mred").write_text("")

    with pytest.raises(BadInput) as refused:
        stage(catalog.find_lab("desk"), work, tmp_path / "stage")

    assert "\x1b" not in str(refused.value)
    assert "\\x1b[31mred" in str(refused.value)
