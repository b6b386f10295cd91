"""An append-only journal of named values, which a crash at any moment leaves readable.

It is a folder of segments, `000000.seg` and so on, each a row of frames: length, CRC-32, and that many bytes of deflated JSON
`[name, value]`. A frame counts if all of it is there. What follows the last one that counts was being written when somebody
died; it is cut off when the journal is next opened. Segments stay small, so that a file never has to grow large.

One process at a time may have a journal open; see `alone`.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from files import sync_folder, write_all

SEGMENT_BYTES = 16 * 1024
_HEAD = struct.Struct(">II")


class Journal:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        self._folder = folder
        self._values: dict[str, Any] = {}
        self._segment = 0
        self._size = 0
        self._open()

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def append(self, name: str, value: Any) -> None:
        """Returns once it is on disk. After an OSError the journal has to be opened anew."""
        payload = zlib.compress(json.dumps([name, value], separators=(",", ":")).encode())
        frame = _HEAD.pack(len(payload), zlib.crc32(payload)) + payload
        if self._size and self._size + len(frame) > SEGMENT_BYTES:
            self._segment, self._size = self._segment + 1, 0
        descriptor = os.open(self._path(self._segment), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            write_all(descriptor, frame)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if not self._size:
            sync_folder(self._folder)
        self._size += len(frame)
        self._values[name] = value

    def _open(self) -> None:
        """Read all frames that count, and cut off what does not."""
        paths = sorted(self._folder.glob("*.seg"))
        for at, path in enumerate(paths):
            data = path.read_bytes()
            end = 0
            for name, value, end in _frames(data):
                self._values[name] = value
            self._segment, self._size = int(path.stem), end
            if end < len(data):
                # Only the last segment can be torn by a crash. Were it another (a bad disk), what comes after a gap is not
                # trusted either: steps are then paid for again, and the job is not stuck.
                for later in paths[at + 1 :]:
                    later.unlink()
                _cut(path, end)
                sync_folder(self._folder)
                break

    def _path(self, segment: int) -> Path:
        return self._folder / f"{segment:06d}.seg"


def _frames(data: bytes) -> Iterator[tuple[str, Any, int]]:
    """Name, value and where the frame ends, up to the first frame that is not whole."""
    at = 0
    while at + _HEAD.size <= len(data):
        length, checksum = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        payload = data[at : at + length]
        if not length or len(payload) < length or zlib.crc32(payload) != checksum:
            return
        at += length
        name, value = json.loads(zlib.decompress(payload))
        yield name, value, at


def _cut(path: Path, end: int) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.ftruncate(descriptor, end)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
