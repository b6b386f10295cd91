"""What somebody handed in, as a folder: an archive is unpacked without trust, a repository's workspace is found."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from grader.course import catalog, files
from grader.course.files import LETTER, MOST_ENTRIES, Folder, shown
from grader.errors import BadInput
from grader.intake.unpacking import unpack


@contextlib.contextmanager
def opened(source: Path, lab_id: str, scratch: Path, *, strict: bool = False) -> Iterator[Folder]:
    """The folder with the files of a submission, held open.

    Args:
        source: a folder, a repository made by `lab export`, a zip or tar of either, alone or in one folder, or a git
            bundle of such a repository.
        lab_id: the lab that is answered.
        scratch: where an archive is unpacked; new or empty, in a folder where nothing else is made.
        strict: a source that is a link is refused: it may be a stranger's.

    Raises:
        BadInput: it is not there; or an archive that is broken, too large, or holds what has no place in one (links,
            devices, names that lead out of it, a name twice); or the lab's files twice; names the entry.
    """
    if strict and source.is_symlink():
        raise BadInput(f"{shown(source)} is a symbolic link; name what it leads to, if that is what was handed in")
    name = source
    if source.is_file():
        unpack(source if strict else source.resolve(), scratch)
        source = scratch
        there = [path for path in source.iterdir() if path.name == LETTER or not _left_behind(path)]
        if len(there) == 1 and there[0].is_dir():
            source = _inside(there[0], source)
    with Folder(source, most=MOST_ENTRIES) as top, top.below("work", lab_id) or contextlib.nullcontext(top) as found:
        if found is not top:
            _check_once(name, source, lab_id)
        yield found


def _left_behind(path: Path) -> bool:
    """Such as the `__MACOSX` that a Mac puts beside the folder that it zips."""
    return files.ignored(path.name, folder=path.is_dir())


def _inside(only: Path, top: Path) -> Path:
    """A repository's archive has one folder around it; a lab's open folder, alone, is none."""
    return only if any((only / name).exists() for name in (LETTER, "work", "lab.yaml")) else top


def _check_once(name: Path, top: Path, lab_id: str) -> None:
    """Whoever reads a repository must not take files beside the workspace for those that are graded."""
    opened = catalog.find_lab(lab_id).spec.open if lab_id in catalog.lab_ids() else ()
    if beside := [entry for entry in opened if (top / entry.removesuffix("/**")).exists()]:
        raise BadInput(
            f"{shown(name)}: has {beside[0]} in work/{lab_id}, which counts, and beside work too; leave one of them out"
        )
