"""The files of a pod's services as an archive, and as ConfigMaps' worth of parts."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from infra.errors import PlatformBroken

PART_BYTES = 700_000
"""A ConfigMap holds 1 MiB, names and all; an archive may take several."""

MOST_BYTES = 24 << 20
SKIPPED = frozenset({"__pycache__", ".DS_Store"})


def pack(sources: Iterable[tuple[PurePosixPath | str, Path]]) -> bytes:
    """A tar.gz of files and folders, each under the name given; the same bytes for the same files.

    Raises:
        PlatformBroken: a file cannot be read, or all are too much for a cluster's memory of objects.
    """
    packed = io.BytesIO()
    try:
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for name, path in sources:
                _add(archive, PurePosixPath(name), path)
    except OSError as error:
        raise PlatformBroken(f"{error.filename}: cannot be read: {error.strerror}") from error
    if packed.tell() > MOST_BYTES:
        raise PlatformBroken(f"the code is {packed.tell() >> 20} MiB; a cluster takes {MOST_BYTES >> 20} MiB a pod")
    return gzip.compress(packed.getvalue(), 6, mtime=0)


def parts(packed: bytes) -> list[bytes]:
    """The archive cut into pieces that a ConfigMap can hold."""
    return [packed[start : start + PART_BYTES] for start in range(0, len(packed), PART_BYTES)]


def _add(archive: tarfile.TarFile, name: PurePosixPath, path: Path) -> None:
    if path.is_file() and not path.is_symlink():
        entry = _entry(archive, name, path)
        with path.open("rb") as file:
            archive.addfile(entry, file)
    elif path.is_symlink():
        archive.addfile(_entry(archive, name, path))
    elif path.is_dir():
        archive.addfile(_entry(archive, name, path))
        for inner in sorted(path.iterdir()):
            if inner.name not in SKIPPED:
                _add(archive, name / inner.name, inner)


def _entry(archive: tarfile.TarFile, name: PurePosixPath, path: Path) -> tarfile.TarInfo:
    entry = archive.gettarinfo(path, str(name))
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = int(entry.mtime)
    return entry
