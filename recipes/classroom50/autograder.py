#!/usr/bin/env python3
"""An autograder.py for Classroom 50: put it into CLASSROOM/autograders/ASSIGNMENT/.

The assignment's template is the repository that `lab export` wrote: of it, `lab grade` takes work/ID.

The contract: the runner calls it in the student's checkout. It writes result.json there, and ends with 0 if it graded,
pass or fail; any other code is a fault of the infrastructure, and Classroom 50 records an error, never a score.

`lab` has to be on the PATH of the runner or its container image. BROWNOUT_LAB names the lab, else the assignment's
slug does. BROWNOUT_GRADE_ON is the runtime: process, or compose where the runner has Docker.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    checkout = Path.cwd()
    lab_id = os.environ.get("BROWNOUT_LAB") or os.environ["ASSIGNMENT"]
    place = os.environ.get("BROWNOUT_GRADE_ON", "process")
    result, body = checkout / "result.json", checkout / "release-body.md"
    clear(result)
    with tempfile.TemporaryDirectory() as folder:
        run = str(Path(folder) / "run")
        where = ["--runtime", place, *([] if place == "process" else ["--strict"])]
        graded = lab(folder, "grade", lab_id, "--submission", str(checkout), *where, "--out", run)
        if graded not in (0, 1):
            return graded
        clear(result, body)
        lab(folder, "convert", run, "--to", "summary", "--out", str(body))
        return lab(folder, "convert", run, "--to", "classroom50", "--out", str(result))


def clear(*paths: Path) -> None:
    """Remove what the student has there: an older file, a folder, or a link, which is never followed."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def lab(folder: str, *arguments: str) -> int:
    """Its exit code; called in a folder of ours, and with nothing of the student's on its path."""
    return subprocess.run(["lab", *arguments], cwd=folder, env={**os.environ, "PYTHONSAFEPATH": "1"}).returncode


if __name__ == "__main__":
    sys.exit(main())
