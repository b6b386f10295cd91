"""`lab convert`."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from grader.course.files import shown
from grader.errors import BadInput
from grader.formats import FORMATS, Setting
from grader.report.saved import load_result


def convert(run: Path, to: str, out: Path | None) -> None:
    """Write a result in another format, to stdout or in place of an older file.

    Raises:
        BadInput: no such format or result, or a file that cannot be written or is part of the run.
        Unproven: the run is invalid and the format is a score. Then there is no file, not even an older one.
    """
    if to not in FORMATS:
        raise BadInput(f"{shown(to)}: is no format; there are {', '.join(FORMATS)}")
    file = run / "result.json" if run.is_dir() else run
    target = None if out is None or str(out) == "-" else out
    if target is not None:
        _clear(target, run)
    result = load_result(file)
    judged = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    document = FORMATS[to](result, Setting(judged, os.environ)).encode()
    if target is None:
        sys.stdout.buffer.write(document)
        sys.stdout.flush()
    else:
        _write(target, document)


def _clear(target: Path, run: Path) -> None:
    """An older file never stands for a run that has none."""
    if run.resolve() in (target.resolve(), *target.resolve().parents):
        raise BadInput(f"{shown(target)}: lies in the run; name a file elsewhere with --out")
    if target.is_file() and not target.is_symlink():  # such as /dev/stdout
        try:
            target.unlink()
        except OSError as error:
            raise BadInput(f"{shown(target)}: cannot be replaced ({error.strerror}); name another --out") from error


def _write(target: Path, document: bytes) -> None:
    try:
        target.write_bytes(document)
    except OSError as error:
        raise BadInput(f"{shown(target)}: cannot be written ({error.strerror}); name another --out") from error
