"""The folder that a run is written to: one run at a time, and nothing in it that is not a run's."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.course.slo import save_slos
from grader.course.spec import Scenario
from grader.errors import BadInput
from infra.errors import PlatformBroken

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def run_folder(out: Path, scenario: Scenario) -> Iterator[Path]:
    """The folder `out` for one run alone, with a copy of the scenario; gives its scratch folder `raw`.

    It is made, or emptied if it holds an older run.

    Raises:
        BadInput: it cannot be written, holds something else, or another run is written to it now.
        PlatformBroken: the disk is full, now or later on.
    """
    try:
        handle = _taken(out)
        try:
            yield _prepared(out, scenario)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno in _FULL:
            raise PlatformBroken(f"{out}: the disk is full; free some space and grade again") from error
        raise


def _taken(out: Path) -> int:
    """Make the folder and lock it, for as long as the descriptor that this returns is open."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle = os.open(out, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise _unusable(out, error) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise BadInput(f"{out}: another run is written there now; name another folder with --out") from None
    return handle


def _prepared(out: Path, scenario: Scenario) -> Path:
    if any(out.iterdir()) and not (out / "run.json").is_file() and not (out / "raw").is_dir():
        raise BadInput(f"{out}: is not empty and not an older run; name another folder with --out")
    try:
        for old in out.iterdir():
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
        (out / "scenario").mkdir()
        (out / "scenario" / "scenario.yaml").write_text(scenario.text, "utf-8")
        save_slos(scenario.slos, out / "scenario" / "slo.yaml")
        (out / "raw").mkdir()
    except OSError as error:
        raise _unusable(out, error) from error
    return out / "raw"


def _unusable(out: Path, error: OSError) -> Exception:
    if error.errno in _FULL:
        return error
    return BadInput(f"{out}: cannot be written ({error.strerror}); name another folder with --out")
