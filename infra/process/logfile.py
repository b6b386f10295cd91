"""A service's log on disk, capped: a folder with two numbered halves, the older removed when the younger is full."""

from __future__ import annotations

from io import FileIO
from itertools import count
from pathlib import Path

HALF_BYTES = 1 << 20
_TRIES = 100


class CappedLog:
    """Append to the last file of a folder; between one and two times `half` bytes are kept."""

    def __init__(self, folder: Path, half: int = HALF_BYTES) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._half = folder, half
        self._numbers = count()
        self._older: Path | None = None
        self._younger, self._file = self._open()

    def write(self, data: bytes) -> None:
        """Append.

        Raises:
            OSError: the disk is full or gone.
        """
        if self._file.tell() and self._file.tell() + len(data) > self._half:
            self._rotate()
        self._file.write(data[-self._half :])

    def close(self) -> None:
        """Let go of the file; the log stays."""
        self._file.close()

    def _rotate(self) -> None:
        younger, file = self._open()
        self._file.close()
        if self._older is not None:
            self._older.unlink(missing_ok=True)
        self._older, self._younger, self._file = self._younger, younger, file

    def _open(self) -> tuple[Path, FileIO]:
        path = self._folder / f"{next(self._numbers):08}"
        return path, FileIO(path, "ab")


def read_tail(folder: Path, max_bytes: int) -> str:
    """The last bytes of a capped log, undecodable ones replaced; empty if nothing was written.

    Raises:
        OSError: the log is gone.
    """
    for _ in range(_TRIES):
        try:
            whole = b"".join(half.read_bytes() for half in sorted(folder.iterdir()))
        except FileNotFoundError:
            continue
        return whole[-max_bytes:].decode("utf-8", "replace") if max_bytes > 0 else ""
    raise FileNotFoundError(f"{folder} is missing")
