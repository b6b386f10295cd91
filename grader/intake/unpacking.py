"""Archives of strangers, unpacked by a process of its own that may take so much memory and time, and is then gone."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

from grader.course import files
from grader.course.files import shown
from grader.errors import BadInput
from grader.intake.archive import MOST_BYTES, REFUSED
from infra import own

LONGEST_S = 60.0


def unpack(archive: Path, into: Path) -> None:
    """Unpack a zip, a tar or a git bundle; what is left of a refused one is removed.

    Args:
        archive: the file, which is no link.
        into: a new or empty folder, in a folder where nothing else is made.

    Raises:
        BadInput: it is none, is damaged, too large, takes too long, or holds what has no place in one.
    """
    copy, scratch = into.with_name(f"{into.name}.packed"), into.with_name(f"{into.name}.git")
    done = False
    try:
        data = files.read(archive, MOST_BYTES)  # a copy: nobody changes it while it is looked at
        into.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(data)
        if why := _refusal([str(copy), str(into), str(scratch)]):
            raise BadInput(f"{shown(archive)}: {why}")
        done = True
    except OSError as error:
        raise BadInput(f"{shown(archive)}: cannot be unpacked here ({error.strerror})") from error
    finally:
        copy.unlink(missing_ok=True)
        shutil.rmtree(scratch, ignore_errors=True)
        if not done:
            shutil.rmtree(into, ignore_errors=True)


def _refusal(arguments: list[str]) -> str:
    """Why it was not unpacked, in a sentence; nothing if it was."""
    place = {"cwd": own.ROOT, "env": own.environment(), "start_new_session": True}
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen(own.command("grader.intake.archive", *arguments), **streams, **place)  # type: ignore[call-overload]
    try:
        said = child.communicate(timeout=LONGEST_S)[0].decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        said = ""
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.returncode == 0:
        return ""
    if child.returncode == REFUSED and said:
        return str(said)
    return "takes too much memory or time to unpack; pack it anew, without a history"
