"""A service's output: from a pipe into a capped log on disk and to the container's own log, at a bounded pace."""

import contextlib
import io
import os
import threading
import time
from pathlib import Path

HALF_BYTES = 1 << 20
CHUNK_BYTES = 1 << 16
WINDOW_S, WINDOW_BYTES = 0.1, 1 << 20


class CappedLog:
    """Two files, `younger` and `older`: between one and two times HALF_BYTES are kept."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        self._file = io.FileIO(folder / "younger", "a")

    def write(self, data):
        """Append; a full disk loses what is said, and nothing else."""
        with self._lock:
            try:
                if self._file.tell() + len(data) > HALF_BYTES:
                    self._turn()
                self._file.write(data)
            except OSError:
                pass

    def tail(self, count):
        """The last bytes, as text; what is no text is replaced."""
        with self._lock:
            whole = b"".join(_read(self._folder / name) for name in ("older", "younger"))
        return whole[-count:].decode("utf-8", "replace") if count > 0 else ""

    def _turn(self):
        self._file.close()
        os.replace(self._folder / "younger", self._folder / "older")
        self._file = io.FileIO(self._folder / "younger", "a")


class Pump(threading.Thread):
    """Carries a pipe into a log until all its writers are gone. A service that floods waits in its own write."""

    def __init__(self, pipe, log):
        super().__init__(daemon=True)
        self._pipe, self._log = pipe, log
        self.start()

    def run(self):
        begun, carried = time.monotonic(), 0
        while data := os.read(self._pipe, CHUNK_BYTES):
            self._log.write(data)
            _echo(data)
            carried += len(data)
            now = time.monotonic()
            if now - begun > WINDOW_S:
                begun, carried = now, 0
            elif carried > WINDOW_BYTES:
                time.sleep(WINDOW_S)
        os.close(self._pipe)


def _echo(data):
    with contextlib.suppress(OSError):
        os.write(1, data)


def _read(path: Path):
    try:
        return path.read_bytes()
    except OSError:
        return b""
