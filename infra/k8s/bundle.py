"""The files of a pod's services as ConfigMaps hold them: one by one, or as an archive in parts."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from infra.errors import PlatformBroken

PART_BYTES = 700_000
"""A ConfigMap holds 1 MiB, names and all; an archive may take several."""

ENTRY_BYTES = 64
"""What a file takes in a ConfigMap beside its bytes."""

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


def plain(sources: Iterable[tuple[PurePosixPath | str, Path]]) -> dict[str, bytes] | None:
    """Every file by its path, names as for `pack`; None where a volume of ConfigMaps could not show them as they are: a
    link, a program, an empty folder, a file that is more than a part, or more in all than a cluster takes.

    Raises:
        PlatformBroken: a file cannot be read.
    """
    found: dict[str, bytes] = {}
    try:
        for name, path in sources:
            if not _gather(found, PurePosixPath(name), path):
                return None
    except OSError as error:
        raise PlatformBroken(f"{error.filename}: cannot be read: {error.strerror}") from error
    return found if sum(map(len, found.values())) <= MOST_BYTES else None


def portions(files: Mapping[str, bytes]) -> list[dict[str, bytes]]:
    """Files shared out over as many ConfigMaps as they need, in their order."""
    shares: list[dict[str, bytes]] = []
    size = PART_BYTES
    for path, data in files.items():
        size += len(data) + ENTRY_BYTES
        if size > PART_BYTES:
            shares.append({})
            size = len(data) + ENTRY_BYTES
        shares[-1][path] = data
    return shares


def _gather(found: dict[str, bytes], name: PurePosixPath, path: Path) -> bool:
    """Put a file, or all files of a folder, into `found`; whether that was possible."""
    if path.is_symlink():
        return False
    if path.is_file():
        found[str(name)] = path.read_bytes()
        return len(found[str(name)]) <= PART_BYTES - ENTRY_BYTES and not path.stat().st_mode & 0o100
    inside = [inner for inner in sorted(path.iterdir()) if inner.name not in SKIPPED]
    return bool(inside) and all(_gather(found, name / inner.name, inner) for inner in inside)


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
