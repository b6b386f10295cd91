"""Files and locks, near the kernel."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


def write_all(descriptor: int, data: bytes) -> None:
    """`os.write` may write a part only, as it does when a disk fills up; the next call then says why."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def swap_in(path: Path, content: bytes) -> None:
    """Replace `path` by `content` in one step; on any error it stays what it was, and the draft goes."""
    draft = path.parent / f".{path.name}.next"
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            write_all(descriptor, content)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.rename(draft, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise
    sync_folder(path.parent)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process is in here. A record lock: it goes when its process goes, and children do not have it."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "alone", "a") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        yield
