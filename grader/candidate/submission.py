"""A candidate's version of a lab's open files, checked and copied to a place of its own before anything runs."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from grader.course import files
from grader.course.files import Found, is_open, shown
from grader.errors import BadInput

if TYPE_CHECKING:
    from grader.course.spec import Lab

MAX_FILES = 512
MAX_TOTAL = 5 << 20
COMPILED = (".pyc", ".pyo", ".pyd", ".so")


@dataclass(frozen=True)
class Submission:
    """A staged copy: `path` is the folder that stands in for the open files, `files` the open ones, relative to it.
    Sealed files beside them are there as shipped."""

    path: Path
    files: tuple[PurePosixPath, ...]


def stage(lab: Lab, source: Path | None, into: Path) -> Submission:
    """Copy a lab's open files as a submission has them.

    Args:
        lab: the lab that is answered.
        source: None for the lab as shipped; else a workspace (a whole copy of the lab: what is missing there is missing
            in the stage) or a folder that holds only changed open files (laid over the shipped ones).
        into: a new or empty folder.

    Raises:
        BadInput: a file outside what may be edited differs from the shipped one; a link or special file; too many or
            too large files; an open file that the system mounts by name is missing. Names the file.
    """
    chosen = {} if source is None else _submitted(lab, source)
    whole = source is not None and (source / "lab.yaml").is_file()
    origin = {} if whole else {found.path: lab.folder for found in _shipped(lab) if is_open(found.path, lab.spec.open)}
    if source is not None:
        origin |= dict.fromkeys(chosen, source)
    _check_mounted(lab, set(origin))
    staged = _copy(origin, chosen, into)
    _copy_around(lab, into)
    return Submission(into, tuple(sorted(staged)))


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


def _submitted(lab: Lab, source: Path) -> dict[PurePosixPath, Found]:
    """Open files of a submission, after every check that needs no reading."""
    if not source.is_dir():
        raise BadInput(f"{shown(source)} is not a folder; name a workspace or a folder with the files that you changed")
    there = {found.path: found for found in files.walk(source)}
    for found in there.values():
        if found.kind != "file":
            what = "a symbolic link" if found.kind == "link" else "not a regular file"
            raise BadInput(f"{shown(source / found.path)} is {what}; replace it with a plain file, or remove it")
        if found.path.suffix in COMPILED:
            raise BadInput(f"{shown(source / found.path)} is compiled code, which nobody can read; remove it")
    _check_sealed(lab, source, there)
    opened = {path: found for path, found in there.items() if is_open(path, lab.spec.open)}
    _check_caps(source, opened)
    return opened


def _check_sealed(lab: Lab, source: Path, there: dict[PurePosixPath, Found]) -> None:
    may = ", ".join(lab.spec.open)
    shipped = {found.path for found in _shipped(lab)}
    whole = PurePosixPath("lab.yaml") in there
    for path in sorted(there):
        if is_open(path, lab.spec.open) or path.parts[0].startswith("."):  # an editor's own files
            continue
        if path not in shipped:
            raise BadInput(f"{shown(source / path)} is not among the files that may be edited ({may}); remove it")
        if files.read(source / path, MAX_TOTAL) != (lab.folder / path).read_bytes():
            raise BadInput(
                f"{shown(source / path)} was changed, and only {may} may be; "
                f"`lab reset {lab.id} {shown(path)}` puts it back"
            )
    for path in sorted(shipped) if whole else ():
        if path not in there and not is_open(path, lab.spec.open):
            raise BadInput(
                f"{shown(source / path)} is missing, and only {may} may be changed; "
                f"`lab reset {lab.id} {shown(path)}` puts it back"
            )


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


def _check_mounted(lab: Lab, present: set[PurePosixPath]) -> None:
    """A folder may lose files; a file that lab.yaml opens by its own name is mounted by it and has to be there."""
    for entry in lab.spec.open:
        if (lab.folder / entry).is_file() and PurePosixPath(entry) not in present:
            raise BadInput(f"{entry} is missing, and the system needs it; `lab reset {lab.id} {entry}` puts it back")


def _copy(origin: dict[PurePosixPath, Path], chosen: dict[PurePosixPath, Found], into: Path) -> list[PurePosixPath]:
    total = 0
    for path, top in origin.items():
        data = files.read(top / path)
        total += len(data)
        if total > MAX_TOTAL:
            raise BadInput(f"{shown(top)} holds more than {MAX_TOTAL >> 20} MiB of files; make it smaller")
        executable = chosen[path].executable if path in chosen else bool((top / path).stat().st_mode & 0o100)
        try:
            files.write(into / path, data, executable)
        except OSError as error:
            shutil.rmtree(into, ignore_errors=True)
            raise BadInput(f"{shown(into / path)} cannot be written: {error.strerror}") from error
    return list(origin)
