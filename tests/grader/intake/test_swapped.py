"""A folder that somebody swaps for a link while it is read: nothing from outside it is ever staged."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import pytest

from grader.course import catalog
from grader.course.files import Folder
from grader.errors import BadInput
from grader.intake.handed_in import opened
from grader.intake.submission import stage
from tests.grader.course import Course

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names cannot be swapped at once here")

READS, STAGES = 8000, 400
HERE = -100  # AT_FDCWD
MINE, SECRET = b"mine\n", b"of the grader\n"
NOTES = PurePosixPath("desk/notes/notes.txt")


@pytest.fixture
def task(tmp_path: Path) -> Path:
    """A candidate's repository, with notes among the open files."""
    notes = tmp_path / "task" / "work" / "desk" / NOTES
    notes.parent.mkdir(parents=True)
    notes.write_bytes(MINE)
    return tmp_path / "task"


def exchange(one: Path, other: Path) -> None:
    """Swap two names at once, as Linux can (renameat2 with RENAME_EXCHANGE)."""
    if ctypes.CDLL(None, use_errno=True).renameat2(HERE, bytes(one), HERE, bytes(other), 2):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


@contextmanager
def swapping(folder: Path, aside: Path) -> Iterator[None]:
    """The folder is itself and a link to another like it in turns, as fast as can be; `aside` holds the other."""
    outside, link = aside / "outside", aside / "link"
    shutil.copytree(folder, outside)
    for path in outside.rglob("*.txt"):
        path.write_bytes(SECRET)
    link.symlink_to(outside)
    over = threading.Event()

    def swap() -> None:
        while not over.is_set():
            exchange(folder, link)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_swapped_folder_is_never_read_through(task: Path, tmp_path: Path) -> None:
    """Without a descriptor for each level, one read in five hundred came from outside."""
    top, read, refused = task / "work" / "desk", set(), 0

    with swapping(top / "desk" / "notes", tmp_path):
        for _ in range(READS):
            with Folder(top) as folder:
                try:
                    read |= {folder.read(found.path) for found in folder.walk() if found.kind == "file"}
                except BadInput:
                    refused += 1

    assert read == {MINE} and refused


@pytest.mark.parametrize("level", ["work", "work/desk", "work/desk/desk", "work/desk/desk/notes"])
def test_at_no_level_is_anything_staged_from_outside(desk: Course, task: Path, tmp_path: Path, level: str) -> None:
    lab, staged = catalog.find_lab("desk"), set()

    with swapping(task / level, tmp_path):
        for number in range(STAGES):
            into = tmp_path / "stage" / str(number)
            try:
                with opened(task, "desk", tmp_path / "scratch") as handed:
                    stage(lab, handed, into)
            except BadInput:
                continue
            if (into / NOTES).exists():
                staged.add((into / NOTES).read_bytes())

    assert staged == {MINE}
