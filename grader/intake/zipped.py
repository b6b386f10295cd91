"""The files of a zip that reads the same whoever opens it; what another program would read otherwise is refused."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterator
from typing import IO

from grader.course.files import MOST_ENTRIES, shown
from grader.errors import BadInput

Entry = tuple[str, IO[bytes] | None]
"""Name and content of a file; no content of a folder."""

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCAL = struct.Struct("<4s5H3L2H")
_PIECE = struct.Struct("<HH")
_UNICODE_PATH = 0x7075  # APPNOTE.TXT 4.6.9: another name, which some programs take


def entries(file: IO[bytes]) -> Iterator[Entry]:
    """Each entry of a zip.

    Raises:
        BadInput: too many, one that is no plain file, or one that others would read otherwise; without the zip's name.
        Exception: zipfile's and zlib's, where it is damaged.
    """
    with zipfile.ZipFile(file) as packed:
        found = packed.infolist()
        if len(found) > MOST_ENTRIES:
            raise BadInput(f"has {shown(found[MOST_ENTRIES].filename)} and more than {MOST_ENTRIES} entries")
        _check_places(file, found, packed.start_dir)
        for info in found:
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise BadInput(f"{shown(info.filename)} is not a plain file; leave it out")
            if info.is_dir():
                yield info.filename, None
                continue
            if info.compress_type not in METHODS or info.flag_bits & 1:
                raise BadInput(f"{shown(info.filename)} is encrypted, or packed in a way that few programs read")
            with packed.open(info) as content:
                yield info.filename, content


def _check_places(file: IO[bytes], found: list[zipfile.ZipInfo], end: int) -> None:
    """Entries lie one behind the other from the first byte to the index, and have one name each: nothing is hidden
    between them, and none stands for another. Behind an entry may be its sizes again, in fewer bytes than a head has.
    """
    at, slack = 0, 0
    for info in sorted(found, key=lambda one: one.header_offset):
        if not 0 <= info.header_offset - at <= slack:
            raise BadInput(f"has something else beside {shown(info.filename)}, which others may read; pack it anew")
        file.seek(info.header_offset)
        *_, name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
        own = file.read(name)
        others = [*_other_names(file.read(extra)), *_other_names(info.extra)]
        if info.orig_filename != info.filename or any(other != own for other in others):
            raise BadInput(f"{shown(info.filename)} has another name besides; pack it anew, with plain names")
        at, slack = info.header_offset + _LOCAL.size + name + extra + info.compress_size, _LOCAL.size - 1
    if not 0 <= end - at <= slack:
        raise BadInput("is no whole zip or tar (something else lies before its index); pack it anew")


def _other_names(extra: bytes) -> Iterator[bytes]:
    while len(extra) >= _PIECE.size:
        kind, size = _PIECE.unpack_from(extra)
        if kind == _UNICODE_PATH:
            yield extra[_PIECE.size + 5 : _PIECE.size + size]
        extra = extra[_PIECE.size + size :]
