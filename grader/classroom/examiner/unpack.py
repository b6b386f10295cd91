"""What was submitted, from the cluster's object to a folder. A stranger's data: nothing in it is believed."""

from __future__ import annotations

import base64
import binascii
import io
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from grader.course import files
from grader.course.files import is_open, shown
from grader.course.spec import Lab
from grader.errors import BadInput
from grader.intake.submission import MAX_FILES, MAX_TOTAL, Submission, stage

MOST_BYTES = MAX_TOTAL + (MAX_FILES << 11)
"""Of the archive once inflated: the files and a few blocks of tar about each."""

MOST_DEEP, MOST_NAME = 16, 240
UNSOUND = "what was submitted is not a sound tar.gz"
PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE)


def unpack(lab: Lab, archive: str, scratch: Path) -> Submission:
    """Stage what was submitted.

    Open files that the archive has not are missing in the stage, as they were missing in the workspace that it is of.

    Args:
        archive: base64 of a tar.gz of the open files, paths relative to the lab.
        scratch: an empty folder.

    Raises:
        BadInput: it is no such archive, is larger than a submission may be, or holds something else than plain open
            files; and all that `grader.intake.submission.stage` raises. Names the file.
    """
    whole = scratch / "whole"
    for path, data, executable in contents(lab, archive):
        _write(whole / path, path, data, executable)
    for found in files.walk(lab.folder):
        if not is_open(found.path, lab.spec.open):
            files.write(whole / found.path, (lab.folder / found.path).read_bytes(), found.executable)
    return stage(lab, whole, scratch / "stage")


def contents(lab: Lab, archive: str) -> Iterator[tuple[PurePosixPath, bytes, bool]]:
    """Path, bytes and whether it may be executed, of each file of an archive. Raises as `unpack`."""
    try:
        packed = base64.b64decode(archive, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput("what was submitted is not base64; submit with `lab submit`") from None
    seen: set[PurePosixPath] = set()
    try:
        with tarfile.open(fileobj=io.BytesIO(_inflated(packed)), mode="r:") as tar:
            for member in tar:
                if member.isdir():
                    continue
                path = _path(lab, member, seen)
                source = tar.extractfile(member)
                assert source is not None
                yield path, source.read(files.MAX_FILE + 1), bool(member.mode & 0o100)
    except (tarfile.TarError, ValueError, OverflowError, EOFError, RecursionError, OSError) as error:
        raise BadInput(
            f"what was submitted is not a sound tar.gz ({type(error).__name__}); submit with `lab submit`"
        ) from error


def _inflated(packed: bytes) -> bytes:
    """The tar; it is never inflated beyond what a submission may hold."""
    engine = zlib.decompressobj(wbits=31)
    try:
        data = engine.decompress(packed, MOST_BYTES + 1)
    except zlib.error:
        raise BadInput(f"{UNSOUND} (bad gzip); submit with `lab submit`") from None
    if len(data) > MOST_BYTES:
        raise BadInput(f"what was submitted holds more than {MAX_TOTAL >> 20} MiB of files; make it smaller")
    if not engine.eof:
        raise BadInput(f"{UNSOUND} (it is cut short); submit with `lab submit`")
    return data


def _path(lab: Lab, member: tarfile.TarInfo, seen: set[PurePosixPath]) -> PurePosixPath:
    """Where a member belongs, after every check that needs no reading."""
    path, name = PurePosixPath(member.name), shown(member.name)[:MOST_NAME]
    if member.issym() or member.islnk():
        raise BadInput(f"{name} is a link; replace it with a plain file, or remove it")
    if member.type not in PLAIN or member.issparse():
        raise BadInput(f"{name} is not a regular file; remove it")
    if path.is_absolute() or ".." in path.parts or "\0" in member.name:
        raise BadInput(f"{name} lies outside the lab; submit with `lab submit`")
    if len(member.name) > MOST_NAME or len(path.parts) > MOST_DEEP:
        raise BadInput(f"{name}... is too long a path; make it shorter")
    if not is_open(path, lab.spec.open):
        raise BadInput(f"{name} is not among the files that may be edited ({', '.join(lab.spec.open)}); remove it")
    if path in seen:
        raise BadInput(f"{name} is in the archive twice; submit with `lab submit`")
    if len(seen) == MAX_FILES:
        raise BadInput(f"what was submitted holds more than {MAX_FILES} files (the next is {name}); remove some")
    if member.size > files.MAX_FILE:
        raise BadInput(f"{name} is larger than {files.MAX_FILE >> 10} KiB; make it smaller")
    seen.add(path)
    return path


def _write(target: Path, path: PurePosixPath, data: bytes, executable: bool) -> None:
    try:
        files.write(target, data, executable)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "its name cannot be used"
        raise BadInput(f"{shown(path)} cannot be unpacked: {why}") from error
