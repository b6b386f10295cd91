"""The files of a submission, as data of a stranger: bounded before they are unpacked, and plain."""

from __future__ import annotations

import base64
import binascii
import io
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from grader import files
from grader.errors import BadInput
from grader.files import shown
from grader.submission import MAX_FILES, MAX_TOTAL

MOST_BYTES = MAX_TOTAL + 1024 * MAX_FILES + (1 << 20)
"""Of the archive unpacked: files, a heading each, and padding."""


def unpack(archive: str, into: Path) -> list[PurePosixPath]:
    """Write a submission's files below a folder.

    Args:
        archive: base64 of a tar.gz, as in the cluster.

    Raises:
        BadInput: it is damaged, too much, or has what is no plain file, or lies outside; nothing of that is written.
        OSError: the folder cannot be written.
    """
    found = list(_members(_plain(archive)))
    for path, data in found:
        files.write(into / path, data)
    return [path for path, _ in found]


def _plain(archive: str) -> bytes:
    """The tar, which may be no larger than a submission can be."""
    try:
        packed = base64.b64decode(archive, validate=True)
        reader = zlib.decompressobj(wbits=31)
        plain = reader.decompress(packed, MOST_BYTES)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise BadInput("the submission's archive is damaged") from error
    if reader.unconsumed_tail:
        raise BadInput(f"the submission's archive holds more than {MOST_BYTES >> 20} MiB")
    return plain


def _members(plain: bytes) -> Iterator[tuple[PurePosixPath, bytes]]:
    try:
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as tar:
            for count, member in enumerate(tar):
                if count >= 4 * MAX_FILES:
                    raise BadInput(f"the submission's archive holds more than {4 * MAX_FILES} entries")
                if member.isdir():
                    continue
                yield _path(member), _data(tar, member)
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise BadInput("the submission's archive is damaged") from error


def _path(member: tarfile.TarInfo) -> PurePosixPath:
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in member.name:
        raise BadInput(f"the submission's archive has an entry outside its folder: {shown(member.name[:200])}")
    return path


def _data(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member) if member.isreg() else None
    if file is None:
        raise BadInput(f"the submission's archive has an entry that is no plain file: {shown(member.name[:200])}")
    return file.read()
