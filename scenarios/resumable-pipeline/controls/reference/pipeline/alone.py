"""One run of a tenant's job at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(Exception):
    """Another run holds the lock."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock that the kernel takes back when this process dies, however it dies.

    Raises:
        Busy: another process holds it.
    """
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield
