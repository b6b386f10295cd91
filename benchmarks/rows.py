"""Measured rows as a file of JSON lines that only grows, so that a measurement can be stopped and gone on with."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.errors import BadInput


def read(path: Path) -> list[dict[str, Any]]:
    """All rows, none if there is no file; a last line that was cut off does not count.

    Raises:
        BadInput: a line in the middle is not a row.
    """
    if not path.exists():
        return []
    *whole, _ = path.read_text("utf-8").split("\n")
    try:
        return [dict(json.loads(line)) for line in whole]
    except (ValueError, TypeError) as error:
        raise BadInput(f"{path}: is not a file of measured rows: {error}") from error


def append(path: Path, row: Mapping[str, Any]) -> None:
    """Add one row, whole; a last line that was cut off is removed first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n"
    with path.open("ab+") as file:
        _drop_torn_line(path, file.tell())
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())


def _drop_torn_line(path: Path, size: int) -> None:
    data = path.read_bytes() if size else b""
    if data and not data.endswith(b"\n"):
        os.truncate(path, data.rfind(b"\n") + 1)
