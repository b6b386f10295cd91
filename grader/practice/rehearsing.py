"""One rehearsal of a lab at a time: they share the candidate's files, and the folder that the last one lies in."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.errors import BadInput


@contextmanager
def alone(lab_id: str, out: Path) -> Iterator[None]:
    """Hold a lab's rehearsal; a file beside its folder `out` says since when.

    Raises:
        BadInput: another one runs, or the file cannot be written.
    """
    path = out.with_suffix(".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}; make the folder writable") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.utime(handle)
        yield
    except BlockingIOError:
        since = time.strftime("%H:%M", time.localtime(os.fstat(handle).st_mtime))
        raise BadInput(
            f"a rehearsal of {lab_id} runs already, since {since}; wait, or end it with Ctrl-C where it runs"
        ) from None
    finally:
        os.close(handle)
