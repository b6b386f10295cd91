"""The folder that a run is written to: one run at a time, and nothing in it that is not a run's."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from grader.course.slo import save_slos
from grader.course.spec import Scenario
from grader.errors import BadInput
from infra.errors import PlatformBroken

_FULL = (errno.ENOSPC, errno.EDQUOT)
_MARKS = ("run.json", "raw")
"""One of them is in a run's folder from its first moment to its last."""

_LEFT = re.compile(
    r"scenario(/(scenario|slo)\.yaml)?|logs(/[^/]+\.\d+(/[^/]+\.log)?)?|(events|plan)\.parquet|exhibits(/[^/]+)?"
)
"""What may be left of a run whose marks were removed."""


@contextmanager
def run_folder(out: Path, scenario: Scenario) -> Iterator[Path]:
    """The folder `out` for one run alone, with a copy of the scenario; gives its scratch folder `raw`.

    It is made, or emptied if it holds an older run. It is removed again if the run is ended before it has a result.

    Raises:
        BadInput: it cannot be written, holds something else, or another run is written to it now.
        PlatformBroken: the disk is full, now or later on.
    """
    try:
        handle = _taken(out)
        try:
            yield _prepared(out, scenario)
        except (KeyboardInterrupt, SystemExit, RuntimeError):  # the last is what DuckDB makes of a signal
            _forget(out)
            raise
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno in _FULL:
            raise PlatformBroken(f"{out}: the disk is full; free some space and grade again") from error
        raise


def _taken(out: Path) -> int:
    """Make the folder and lock it, for as long as the descriptor that this returns is open."""
    while True:
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
        if out.is_dir() and os.path.samestat(os.fstat(handle), out.stat()):
            return handle
        os.close(handle)  # the run before was ended, and removed it in this moment


def _prepared(out: Path, scenario: Scenario) -> Path:
    if not _is_a_run(out):
        raise BadInput(f"{out}: is not empty and not an older run; name another folder with --out")
    try:
        _empty(out)
        (out / "raw").mkdir()
        (out / "scenario").mkdir()
        (out / "scenario" / "scenario.yaml").write_text(scenario.text, "utf-8")
        save_slos(scenario.slos, out / "scenario" / "slo.yaml")
    except OSError as error:
        raise _unusable(out, error) from error
    return out / "raw"


def _is_a_run(out: Path) -> bool:
    """Whether a folder is empty, an older run, or what is left of one."""
    if (out / "run.json").is_file() or (out / "raw").is_dir():
        return True
    return all(_LEFT.fullmatch(str(path.relative_to(out))) for path in out.rglob("*"))


def _empty(out: Path) -> None:
    """Remove what is in a run's folder, its marks last: who is stopped here leaves what is still known as a run."""
    for old in sorted(out.iterdir(), key=lambda path: path.name in _MARKS):
        shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()


def _forget(out: Path) -> None:
    """Remove what a run that was ended left: nothing that could be judged or shown."""
    if not (out / "result.json").exists():
        with suppress(OSError):
            _empty(out)
            out.rmdir()


def _unusable(out: Path, error: OSError) -> Exception:
    if error.errno in _FULL:
        return error
    return BadInput(f"{out}: cannot be written ({error.strerror}); name another folder with --out")
