"""One run per tenant at a time."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

from errors import LeaseUnavailable

logger = logging.getLogger("nightly.lease")
POLL_S = 0.1


@contextlib.contextmanager
def tenant_lease(folder: Path, tenant: str, holder: str, patience_s: float) -> Iterator[None]:
    """Hold the tenant's lease. It is a kernel lock: it ends with the process that holds it, and cannot go stale.

    The name of the holder is written into the file for people to read; nothing is decided by it.

    Raises:
        LeaseUnavailable: it was not to be had in time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / f"{tenant}.lease", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _acquire(descriptor, tenant, holder, time.monotonic() + patience_s)
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{holder}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, tenant: str, holder: str, deadline: float) -> None:
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise LeaseUnavailable(f"{tenant}: another run has been at work all the while") from None
        if not told:
            logger.warning("%s: waiting, another run of %s is at work", holder, tenant)
            told = True
        time.sleep(POLL_S * (0.5 + random.random()))
