"""The files of a tar, read header by header: each counts, and none may be large. Nothing is skipped unseen."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from typing import IO

from grader.course.files import MAX_FILE, MOST_ENTRIES, shown
from grader.errors import BadInput
from grader.intake.zipped import Entry

MOST_HEADERS = 3 * MOST_ENTRIES
"""Of files, folders, and what stands before them: longer names, times, owners."""

MOST_NAMES = 1 << 16
"""Bytes of what stands before a file."""

HEAD = tarfile.BLOCKSIZE
_BLOCK = tarfile.BLOCKSIZE
_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE)
_PAX = (tarfile.XHDTYPE, tarfile.XGLTYPE)
_LONG = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)


class Counted:
    """A stream that ends with a refusal when more than `most` bytes come out of it."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream, self._left, self._most = stream, most, most

    def read(self, size: int) -> bytes:
        """So many bytes, fewer only at the end."""
        parts: list[bytes] = []
        while size and (part := self._stream.read(min(size, 1 << 16))):
            self._left -= len(part)
            if self._left < 0:
                raise BadInput(f"is too large: it holds more than {self._most >> 20} MiB; make it smaller")
            size -= len(part)
            parts.append(part)
        return b"".join(parts)

    def exactly(self, size: int) -> bytes:
        """So many bytes; EOFError where there are fewer."""
        data = self.read(size)
        if len(data) != size:
            raise EOFError("it is cut short")
        return data


def is_tar(head: bytes) -> bool:
    """Whether the first HEAD bytes of a file are a header whose sum is right."""
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


def entries(stream: Counted) -> Iterator[Entry]:
    """Each file and folder.

    Raises:
        BadInput: too many headers, too large a file, or what is neither file nor folder; without the tar's name.
        Exception: EOFError, ValueError and tarfile's, where it is damaged.
    """
    name, headers = "", 0
    while (block := stream.exactly(_BLOCK)).strip(b"\0"):
        head = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        headers += 1
        if headers > MOST_HEADERS:
            raise BadInput(f"has {shown(head.name)} and more than {MOST_HEADERS} headers; pack it anew")
        if head.type in _PAX or head.type in _LONG:
            name = _named(head, stream) or name
            continue
        name = name or head.name
        if head.type not in (*_FILES, tarfile.DIRTYPE):
            raise BadInput(f"{shown(name)} is not a plain file; leave it out")
        if not 0 <= head.size <= MAX_FILE:
            raise BadInput(f"{shown(name)} is too large; make it smaller")
        content = _content(stream, head.size)
        yield name, io.BytesIO(content) if head.type in _FILES else None
        name = ""
    while rest := stream.read(1 << 16):
        if rest.strip(b"\0"):
            raise BadInput("is no whole zip or tar (something lies behind its end); pack it anew")


def _named(head: tarfile.TarInfo, stream: Counted) -> str:
    """The name that a header gives to the file behind it; empty if it gives none."""
    if not 0 <= head.size <= MOST_NAMES:
        raise BadInput(f"{shown(head.name)} is a header that is too large; pack it anew")
    data = _content(stream, head.size)
    if head.type in _LONG:
        return _text(data.rstrip(b"\0")) if head.type == tarfile.GNUTYPE_LONGNAME else ""
    said = dict(_records(data))
    odd = [key for key in said if key == b"size" or key.startswith(b"GNU.sparse")]
    if odd or (head.type == tarfile.XGLTYPE and b"path" in said):
        raise BadInput(f"{shown(head.name)} is a header that few programs read; pack it anew")
    return _text(said.get(b"path", b""))


def _content(stream: Counted, size: int) -> bytes:
    return stream.exactly(size + -size % _BLOCK)[:size]


def _records(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """`LENGTH KEY=VALUE\\n`, one behind the other (POSIX.1-2001, pax)."""
    while data:
        digits, _, _ = data.partition(b" ")
        size = int(digits)
        key, equals, value = data[len(digits) + 1 : size - 1].partition(b"=")
        if not equals or not len(digits) < size <= len(data):
            raise ValueError("a header is damaged")
        yield key, value
        data = data[size:]


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
