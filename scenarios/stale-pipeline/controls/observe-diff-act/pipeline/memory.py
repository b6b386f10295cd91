"""What one night leaves to the next: moments, in one small file that is replaced as a whole. And one night at a time.

Whatever is lost here is only missed: what is out, and who was paged, is asked of the mart.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import numpy as np
from training import SIZE, Moments

FOLDER = Path(os.environ.get("DATA_DIR", "/data"))
FILE = FOLDER / "moments.json"
DAYS = 4
PATIENCE_S = 2.0


@contextmanager
def alone() -> Iterator[None]:
    """Two runs at once would each publish and page. The lock goes with the process, also with a killed one.

    Raises:
        RuntimeError: another run has been at it for too long.
    """
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
        lock = (FOLDER / "nightly.lock").open("a")
    except OSError as error:
        print(f"no lock: {error!r}")
        yield
        return
    with lock:
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise RuntimeError("another run is under way") from None
                time.sleep(0.05)
        yield


def recall(today: str) -> dict[str, dict[int, Moments]]:
    """By market and days ago; nothing of today or later, which a repeated run or season may have left."""
    found: dict[str, dict[int, Moments]] = {}
    with suppress(OSError, ValueError, TypeError, AttributeError):
        for market, by_day in json.loads(FILE.read_text()).items():
            for day, values in by_day.items():
                ago, each = days_between(day, today), np.array(values, dtype=float)
                if 1 <= ago <= DAYS and each.shape == (SIZE + 1, SIZE + 1) and np.isfinite(each).all():
                    found.setdefault(market, {})[ago] = each
    return found


def remember(today: str, past: Mapping[str, Mapping[int, Moments]], tonight: Mapping[str, Moments]) -> None:
    first = date.fromisoformat(today).toordinal()
    kept = {
        market: {date.fromordinal(first - ago).isoformat(): each.tolist() for ago, each in by_age.items() if ago < DAYS}
        for market, by_age in past.items()
    }
    for market, each in tonight.items():
        kept.setdefault(market, {})[today] = each.tolist()
    spare = FILE.with_suffix(f".{os.getpid()}")
    try:
        spare.write_text(json.dumps(kept))
        spare.replace(FILE)
    except OSError as error:
        print(f"{today}: nothing remembered: {error!r}")
        with suppress(OSError):
            spare.unlink()


def days_between(earlier: str, later: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days
