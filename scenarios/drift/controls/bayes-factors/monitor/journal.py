"""What is known of a stream is its days, and those are lines in a file of its own: only ever added to, read once.

A line is written before its verdict is given away. A line that was cut short by a crash is skipped: its verdict was never
given. The last line of a date counts, so that a day which was delivered anew replaces the old one.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from pathlib import Path

KEPT_DAYS = 28
FORGOTTEN_S = 90 * 86400.0


class Journal:
    def __init__(self, directory: str) -> None:
        self._at = Path(directory) / "book-v1"  # a new number if letters or tables come to mean something else
        try:
            self._at.mkdir(parents=True, exist_ok=True)
            for path in self._at.glob("*.jsonl"):
                if path.stat().st_mtime < time.time() - FORGOTTEN_S:
                    path.unlink(missing_ok=True)
        except OSError as error:
            complain(f"journal: {error}; a restart will forget the streams")

    def read(self, stream: str, reference: str) -> dict[str, dict]:
        path = self._path(stream)
        try:
            text = path.read_bytes()
            if text and not text.endswith(b"\n"):
                self._write(path, b"\n")
        except FileNotFoundError:
            return {}
        except OSError as error:
            complain(f"journal of {stream}: {error}")
            return {}
        days = {}
        for line in text.splitlines():
            try:
                day = json.loads(line)
                if (day["stream"], day["reference"]) == (stream, reference):
                    days[day["date"]] = day
            except (ValueError, KeyError, TypeError):
                continue
        return dict(sorted(days.items())[-KEPT_DAYS:])

    def add(self, stream: str, reference: str, day: dict) -> None:
        line = json.dumps({"stream": stream, "reference": reference, **day}, separators=(",", ":"))
        try:
            self._write(self._path(stream), line.encode() + b"\n")
        except OSError as error:
            complain(f"journal of {stream}: {error}")

    def _write(self, path: Path, data: bytes) -> None:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(file, data)
        finally:
            os.close(file)

    def _path(self, stream: str) -> Path:
        return self._at / f"{hashlib.sha256(stream.encode()).hexdigest()[:40]}.jsonl"


def complain(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
