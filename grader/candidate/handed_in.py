"""What somebody handed in, as a folder: an archive is unpacked without trust, a repository's workspace is found."""

from __future__ import annotations

import contextlib
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from grader.candidate import bundle
from grader.course import files
from grader.course.files import LETTER, MAX_DEPTH, MOST_ENTRIES, Folder, shown
from grader.errors import BadInput

MOST_BYTES = 32 << 20
"""What `lab export` puts beside a candidate's work: which lab it is, which version, for whom."""

_BROKEN = (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, ValueError, RuntimeError, NotImplementedError)


@contextlib.contextmanager
def opened(source: Path, lab_id: str, scratch: Path, *, strict: bool = False) -> Iterator[Folder]:
    """The folder with the files of a submission, held open.

    Args:
        source: a folder, a repository made by `lab export`, a zip or tar of either, alone or in one folder, or a git
            bundle of such a repository.
        lab_id: the lab that is answered.
        scratch: where an archive is unpacked; new or empty.
        strict: a source that is a link is refused: it may be a stranger's.

    Raises:
        BadInput: it is not there; or an archive that is broken, too large, or holds what has no place in one (links,
            devices, names that lead out of it, a name twice); names the entry.
    """
    if strict and source.is_symlink():
        raise BadInput(f"{shown(source)} is a symbolic link; name what it leads to, if that is what was handed in")
    if source.is_file():
        _unpack(source, scratch)
        source = scratch
        there = list(source.iterdir())
        if len(there) == 1 and there[0].is_dir() and not files.ignored(there[0].name, folder=True):
            source = _inside(there[0], source)
    with Folder(source, most=MOST_ENTRIES) as top, top.below("work", lab_id) or contextlib.nullcontext(top) as found:
        yield found


def _inside(only: Path, top: Path) -> Path:
    """A repository's archive has one folder around it; a lab's open folder, alone, is none."""
    return only if any((only / name).exists() for name in (LETTER, "work", "lab.yaml")) else top


def _unpack(archive: Path, into: Path) -> None:
    total = 0
    into.mkdir(parents=True, exist_ok=True)
    seen: set[PurePosixPath] = set()
    try:
        for name, file in _entries(archive):
            path = _safe(archive, name)
            if path == PurePosixPath(LETTER):
                continue
            if path in seen or len(seen) >= MOST_ENTRIES:
                what = "twice" if path in seen else f"and more than {MOST_ENTRIES} entries"
                raise BadInput(f"{shown(archive)}: has {shown(path)} {what}; pack it anew")
            seen.add(path)
            data = file.read(min(files.MAX_FILE, MOST_BYTES - total) + 1)
            total += len(data)
            if len(data) > files.MAX_FILE or total > MOST_BYTES:
                raise BadInput(f"{shown(archive)}: {shown(path)} is too large, or all files together; make it smaller")
            files.write(into / path, data)
    except _BROKEN as error:
        raise BadInput(f"{shown(archive)}: is no whole zip or tar ({shown(error)[:120]}); pack it anew") from error


def _entries(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of each file; folders are passed over, and what is neither is refused."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            for info in packed.infolist():
                kind = stat.S_IFMT(info.external_attr >> 16)
                _check_kind(archive, info.filename, kind in (0, stat.S_IFREG, stat.S_IFDIR))
                if not info.is_dir():
                    with packed.open(info) as file:
                        yield info.filename, file
        return
    with bundle.as_tar(archive) if bundle.is_bundle(archive) else archive.open("rb") as packed_file:
        yield from _of_tar(archive, packed_file)


def _of_tar(archive: Path, packed: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(fileobj=packed, mode="r|*") as stream:
        for member in stream:
            _check_kind(archive, member.name, member.isreg() or member.isdir())
            content = stream.extractfile(member) if member.isreg() else None
            if content is not None:
                yield member.name, content


def _check_kind(archive: Path, name: str, plain: bool) -> None:
    if not plain:
        raise BadInput(f"{shown(archive)}: {shown(name)} is not a plain file; leave it out")


def _safe(archive: Path, name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    bad = path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name or "\0" in name
    if bad or len(path.parts) > MAX_DEPTH:
        raise BadInput(f"{shown(archive)}: {shown(name)} is no name for a file of a submission; leave it out")
    return path
