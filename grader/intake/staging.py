"""Where submissions are staged while they are graded: a folder a process, so that what a killed one left is known."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil

from grader.course import catalog
from grader.errors import BadInput
from infra.common.owner import began


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A new folder for this process, removed at the end.

    Raises:
        BadInput: it cannot be made.
    """
    process = psutil.Process()
    path = _all() / f"{process.pid}-{process.create_time():.2f}"
    try:
        path.mkdir(parents=True)
    except OSError as error:
        raise BadInput(f"{path} cannot be made: {error.strerror}") from error
    try:
        yield path / "files"
    finally:
        shutil.rmtree(path, ignore_errors=True)


def abandoned() -> list[Path]:
    """Folders whose process is gone."""
    return [path for path in sorted(_all().glob("*-*")) if not _alive(path.name)]


def _all() -> Path:
    return catalog.root() / ".brownout" / "stage"


def _alive(name: str) -> bool:
    pid, _, created = name.partition("-")
    try:
        return began(psutil.Process(int(pid)), float(created))
    except (psutil.Error, ValueError):
        return False
