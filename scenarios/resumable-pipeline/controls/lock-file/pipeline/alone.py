"""One run of a tenant's job at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(Exception):
    """There is a lock file."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        raise Busy from None
    try:
        yield
    finally:
        path.unlink()
