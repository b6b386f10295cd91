"""The event files: whole lines, in batches.

A reader that follows may come while a batch is being written: the last line that it sees may be torn, and
`events.live` leaves it out.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

_WORD = 64  # longest text taken from an answer


class Recorder:
    """Appends one trial's events to its file.

    `keep` bounds how many are written; later ones are counted only.
    """

    def __init__(self, trial: str, path: Path, keep: int | None = None) -> None:
        self.trial = trial
        self.written = 0
        self.dropped = 0
        self._keep = keep
        self._lines: list[str] = []
        self._fd: int | None = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def add(
        self,
        kind: str,
        name: str,
        due: float,
        *,
        id: str = "",
        phase: str = "",
        segment: str = "",
        sent: float | None = None,
        done: float | None = None,
        status: int = 0,
        answer: str = "none",
        served_by: str = "",
        value: float | None = None,
        error: str = "",
    ) -> None:
        """One event; columns as in docs/architecture.md. Ignored after `close`."""
        if self._fd is None:
            return
        if self._keep is not None and self.written >= self._keep:
            self.dropped += 1
            return
        self.written += 1
        event = {
            "trial": self.trial,
            "kind": kind,
            "name": name,
            "id": id,
            "phase": phase,
            "segment": segment,
            "due": _rounded(due),
            "sent": _rounded(sent),
            "done": _rounded(done),
            "status": status,
            "answer": written(answer),
            "served_by": written(served_by),
            "value": value if value is None or math.isfinite(value) else None,
            "error": error,
        }
        self._lines.append(json.dumps(event))

    def flush(self) -> None:
        """Hand what was added since the last time to the file.

        Raises:
            OSError: it cannot be written, say for a full disk.
        """
        if self._lines and self._fd is not None:
            batch, self._lines = "\n".join(self._lines) + "\n", []
            _write_all(self._fd, batch.encode("ascii"))

    def close(self, reason: str) -> None:
        """Flush, write the last line and close; `reason` is `finished` or `stopped`. Safe to call twice."""
        if self._fd is None:
            return
        footer: dict[str, Any] = {"end": True, "events": self.written, "reason": reason}
        if self.dropped:
            footer["dropped"] = self.dropped
        self._lines.append(json.dumps(footer))
        self.flush()
        os.close(self._fd)
        self._fd = None


def written(text: str) -> str:
    """What an event keeps of a text from an answer; half a character, which no reader of events takes, is `?`."""
    return text[:_WORD].encode("utf-8", "replace").decode("utf-8")


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)


def _write_all(fd: int, data: bytes) -> None:
    """One write; a regular file takes it whole unless the disk fills up, which the second try reports."""
    while data:
        data = data[os.write(fd, data) :]
