"""A candidate's version of a lab's open files, checked and copied to a place of its own before anything runs."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from grader.course import files
from grader.course.files import MOST_ENTRIES, Folder, Found, is_open, shown
from grader.errors import BadInput

if TYPE_CHECKING:
    from grader.course.spec import Lab

MAX_FILES = 512
MAX_TOTAL = 5 << 20
COMPILED = (".pyc", ".pyo", ".pyd", ".so")


@dataclass(frozen=True)
class Submission:
    """A staged copy: `path` is the folder that stands in for the open files, `files` the open ones, relative to it.
    Sealed files beside them are there as shipped. `aside`: what was handed in besides, and is not taken. `kept`: open
    files that were not handed in, and are there as shipped."""

    path: Path
    files: tuple[PurePosixPath, ...]
    aside: tuple[PurePosixPath, ...] = ()
    kept: tuple[PurePosixPath, ...] = ()


def stage(lab: Lab, source: Path | Folder | None, into: Path, *, strict: bool = False) -> Submission:
    """Copy a lab's open files as a submission has them.

    Args:
        lab: the lab that is answered.
        source: None for the lab as shipped; else a workspace (a whole copy of the lab: what is missing there is missing
            in the stage), what `lab pack` made of one (its open files and lab.yaml), or a folder that holds only
            changed open files (laid over the shipped ones), or all of them (see `is_whole`).
        into: a new or empty folder.
        strict: nothing but open files is taken, and what lies beside them is left aside instead of refused. Hard links
            are refused, and so is a folder without any open file.

    Raises:
        BadInput: a file outside what may be edited differs from the shipped one; a link or special file; too many or
            too large files; an open file that the system mounts by name is missing. Names the file.
    """
    with _held(source) as folder, Folder(lab.folder) as own:
        origin = {found.path: (own, found) for found in own.walk() if is_open(found.path, lab.spec.open)}
        aside: tuple[PurePosixPath, ...] = ()
        kept: tuple[PurePosixPath, ...] = ()
        if folder is not None:
            there = _checked(folder)
            if is_whole(lab, folder, there):
                origin = {}
            aside = _check_sealed(lab, folder, there, strict)
            kept = tuple(sorted(origin.keys() - there.keys()))
            origin |= {path: (folder, found) for path, found in _opened(lab, folder, there, strict).items()}
        _check_mounted(lab, origin)
        _copy(list(origin.values()), into, alone=folder if strict else None)
    _copy_around(lab, into)
    return Submission(into, tuple(sorted(origin)), aside, kept)


def is_whole(lab: Lab, folder: Folder, there: Mapping[PurePosixPath, Found]) -> bool:
    """Whether open files that a submission has not were deleted: it has lab.yaml; or all that is open is there, and a
    file of it just as it shipped, which nobody hands in who hands in only what was changed."""
    if PurePosixPath("lab.yaml") in there:
        return True
    mine = [path for path in there if is_open(path, lab.spec.open)]
    if not all(any(is_open(path, (entry,)) for path in mine) for entry in lab.spec.open):
        return False
    shipped = {found.path: found for found in _shipped(lab)}
    return any(path in shipped and _same(lab, folder, there[path], shipped[path]) for path in mine)


@contextlib.contextmanager
def _held(source: Path | Folder | None) -> Iterator[Folder | None]:
    if isinstance(source, Path):
        with Folder(source, most=MOST_ENTRIES) as folder:
            yield folder
    else:
        yield source


def changes_nothing(lab: Lab, submission: Submission) -> bool:
    """Whether the open files are those of the lab as shipped, byte for byte."""
    shipped = {found.path for found in _shipped(lab) if is_open(found.path, lab.spec.open)}
    return shipped == set(submission.files) and all(
        (lab.folder / path).read_bytes() == (submission.path / path).read_bytes() for path in shipped
    )


def _shipped(lab: Lab) -> list[Found]:
    return list(files.walk(lab.folder))


def _copy_around(lab: Lab, into: Path) -> None:
    """Sealed files beside the open ones, since a service may mount a folder that holds both; and empty open folders."""
    tops = {PurePosixPath(entry).parts[0] for entry in lab.spec.open}
    for found in _shipped(lab):
        if found.path.parts[0] in tops and not is_open(found.path, lab.spec.open):
            files.write(into / found.path, (lab.folder / found.path).read_bytes(), found.executable)
    for entry in lab.spec.open:
        if (lab.folder / entry).is_dir():
            (into / entry).mkdir(parents=True, exist_ok=True)


def _checked(folder: Folder) -> dict[PurePosixPath, Found]:
    """All that is in a submission, after every check that needs no reading."""
    there = {found.path: found for found in folder.walk()}
    for found in there.values():
        if found.kind != "file":
            what = "a symbolic link" if found.kind == "link" else "not a regular file"
            raise BadInput(f"{shown(folder.top / found.path)} is {what}; replace it with a plain file, or remove it")
        if found.path.suffix in COMPILED:
            raise BadInput(f"{shown(folder.top / found.path)} is compiled code, which nobody can read; remove it")
    return there


def _opened(lab: Lab, folder: Folder, there: dict[PurePosixPath, Found], strict: bool) -> dict[PurePosixPath, Found]:
    opened = {path: found for path, found in there.items() if is_open(path, lab.spec.open)}
    if strict and not opened:
        raise BadInput(f"{shown(folder.top)} has none of the files that may be edited ({', '.join(lab.spec.open)})")
    _check_caps(folder.top, opened)
    return opened


def _check_sealed(
    lab: Lab, folder: Folder, there: dict[PurePosixPath, Found], strict: bool
) -> tuple[PurePosixPath, ...]:
    """What is left aside; where nothing may be, the first such file is refused, and so is one that is missing."""
    shipped = {found.path: found for found in _shipped(lab) if not is_open(found.path, lab.spec.open)}
    aside = []
    for path in sorted(there):
        if is_open(path, lab.spec.open) or path.parts[0].startswith("."):  # an editor's own files
            continue
        if path in shipped and _same(lab, folder, there[path], shipped[path]):
            continue
        if not strict:
            raise BadInput(_unwanted(lab, folder.top / path, path, known=path in shipped))
        aside.append(path)
    whole = PurePosixPath("lab.yaml") in there and len(there.keys() & shipped.keys()) > 1  # else it was packed
    for path in sorted(shipped) if whole and not strict else ():
        if path not in there:
            raise BadInput(
                f"{shown(folder.top / path)} is missing, and only {', '.join(lab.spec.open)} may be changed; "
                f"`lab reset {lab.id} {shown(path)}` puts it back"
            )
    return tuple(aside)


def _same(lab: Lab, folder: Folder, found: Found, shipped: Found) -> bool:
    size = shipped.size
    return found.size == size and folder.read(found.path, size) == (lab.folder / found.path).read_bytes()


def _unwanted(lab: Lab, where: Path, path: PurePosixPath, *, known: bool) -> str:
    may = ", ".join(lab.spec.open)
    if not known:
        return f"{shown(where)} is not among the files that may be edited ({may}); remove it"
    return f"{shown(where)} was changed, and only {may} may be; `lab reset {lab.id} {shown(path)}` puts it back"


def _check_caps(source: Path, opened: dict[PurePosixPath, Found]) -> None:
    if len(opened) > MAX_FILES:
        extra = sorted(opened)[MAX_FILES]
        raise BadInput(f"{shown(source)} holds more than {MAX_FILES} files (the next is {shown(extra)}); remove some")
    for path, found in opened.items():
        if found.size > files.MAX_FILE:
            raise BadInput(f"{shown(source / path)} is larger than {files.MAX_FILE >> 10} KiB; make it smaller")
    if sum(found.size for found in opened.values()) > MAX_TOTAL:
        largest = max(opened.values(), key=lambda found: found.size)
        raise BadInput(
            f"{shown(source)} holds more than {MAX_TOTAL >> 20} MiB of files (the largest is {shown(largest.path)}); "
            "make it smaller"
        )


def _check_mounted(lab: Lab, present: Collection[PurePosixPath]) -> None:
    """A folder may lose files; a file that lab.yaml opens by its own name is mounted by it and has to be there."""
    for entry in lab.spec.open:
        if (lab.folder / entry).is_file() and PurePosixPath(entry) not in present:
            raise BadInput(f"{entry} is missing, and the system needs it; `lab reset {lab.id} {entry}` puts it back")


def _copy(pieces: Sequence[tuple[Folder, Found]], into: Path, *, alone: Folder | None) -> None:
    """`alone`: the folder in which a file may have no other name."""
    total = 0
    for folder, found in pieces:
        data = folder.read(found.path, alone=folder is alone)
        total += len(data)
        if total > MAX_TOTAL:
            raise BadInput(f"{shown(folder.top)} holds more than {MAX_TOTAL >> 20} MiB of files; make it smaller")
        try:
            files.write(into / found.path, data, found.executable)
        except OSError as error:
            shutil.rmtree(into, ignore_errors=True)
            raise BadInput(f"{shown(into / found.path)} cannot be written: {error.strerror}") from error
