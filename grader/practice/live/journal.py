"""What commands tell the page of a lab: how a run goes, and that services were restarted.

Each `lab check` and `lab grade` of the workspace writes what its own terminal shows into a file, at most twice a
second, whether or not a page is open. No trouble with that file may disturb the run.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grader.practice.live.record import folder
from grader.result import Progress

RUN, LOCK, MARKS = "run.json", "run.lock", "marks.jsonl"
MOST_MARKS = 200


@contextmanager
def run(lab_id: str, what: str, out: Path) -> Iterator[Callable[[Progress], None]]:
    """Gives the function that tells of a run's progress; what a stage says nothing of stays as it was told. Where
    another run is told of, this one is not.

    Args:
        what: "rehearsal" or "exam".
        out: the run's folder.
    """
    handle = _lock(lab_id)
    if handle is None:
        yield lambda _: None
        return
    about: dict[str, Any] = {"what": what, "began": round(time.time(), 1), "out": str(out), "progress": None}

    def tell(progress: Progress) -> None:
        known = about["progress"] or {}
        now = asdict(progress)
        about["progress"] = {**now, **{key: now[key] or known.get(key, ()) for key in ("trials", "objectives")}}
        _write(lab_id, about)

    _write(lab_id, about)
    try:
        yield tell
    finally:
        _write(lab_id, {**about, "ended": round(time.time(), 1)})
        os.close(handle)


def now(lab_id: str) -> dict[str, Any] | None:
    """The run that is told of, or was last; `running` says which. None if there was none."""
    path = folder(lab_id) / RUN
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict):
        return None
    return {**found, "running": "ended" not in found and _held(lab_id)}


def restarted(lab_id: str, services: Sequence[str], began: float) -> None:
    """Note that services were restarted; `began`: when, in seconds since the epoch."""
    line = json.dumps({"began": began, "at": round(time.time(), 1), "services": list(services)})
    with suppress(OSError):
        folder(lab_id).mkdir(parents=True, exist_ok=True)
        with (folder(lab_id) / MARKS).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def marks(lab_id: str) -> list[dict[str, Any]]:
    """The restarts since the lab was started, the newest last: `began`, `at` (when it was done) and `services`."""
    try:
        lines = (folder(lab_id) / MARKS).read_text("utf-8").splitlines()[-MOST_MARKS:]
        return [found for line in lines if isinstance(found := json.loads(line), dict)]
    except (OSError, ValueError):
        return []


def forget(lab_id: str) -> None:
    """A lab that is started has no run and no mark yet."""
    for name in (RUN, MARKS):
        with suppress(OSError):
            (folder(lab_id) / name).unlink(missing_ok=True)


def _write(lab_id: str, about: dict[str, Any]) -> None:
    path = folder(lab_id) / RUN
    with suppress(OSError):
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(about), "utf-8")
        temporary.replace(path)


def _lock(lab_id: str) -> int | None:
    """A descriptor that says, as long as it is open, that a run goes on; None if another one does."""
    try:
        folder(lab_id).mkdir(parents=True, exist_ok=True)
        handle = os.open(folder(lab_id) / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _held(lab_id: str) -> bool:
    try:
        handle = os.open(folder(lab_id) / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
