"""A file of JSON lines that another process writes: what is new in it since the last look."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Any

MOST = 4 << 20
"""Bytes read at once; of a file that is longer at the first look, its end."""


class Tail:
    """Holds the file open, so that it is read to its end also when it is removed. A torn line waits for its rest."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: FileIO | None = None
        self._rest = b""

    def new(self) -> tuple[bool, list[dict[str, Any]]]:
        """Whether this is another file than at the last look, and the objects that were added."""
        changed = self._reopen()
        if self._file is None:
            return changed, []
        lines = (self._rest + (self._file.read(MOST) or b"")).split(b"\n")
        self._rest = lines.pop()
        return changed, list(_objects(lines))

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _reopen(self) -> bool:
        try:
            there = self.path.stat()
        except OSError:
            return False
        if self._file is not None:
            mine = os.fstat(self._file.fileno())
            if (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino) and there.st_size >= self._file.tell():
                return False
            self.close()
        try:
            self._file = FileIO(self.path)
        except OSError:
            return False
        cut = max(0, there.st_size - MOST)
        self._file.seek(cut)
        self._rest = b""
        if cut:
            self._file.readline()
        return True


def _objects(lines: list[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found
