"""`lab` without the half second that each new process of it needs for its imports: a fork of one that has them.

Whatever is forked is a process all the same, with arguments, environment, outputs and an end of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import pkgutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader import cli

REPOSITORY = Path(__file__).resolve().parents[2]
IMPORTED = [f"grader.cli.{module.name}" for module in pkgutil.iter_modules(cli.__path__) if module.name != "__main__"]
IMPORTED += [
    "grader.exam",
    "grader.practice.rig",
    "grader.report.html",
    "grader.report.terminal",
    "grader.authoring.proving.matrix",
]
IMPORTED += ["infra.compose.runtime", "infra.process.runtime", "scipy.special", "typer.rich_utils"]
"""By what forks are of. Not Kubernetes' client, which reads the environment when it is imported."""


def lab(arguments: Sequence[str], environment: Mapping[str, str], timeout_s: float) -> subprocess.CompletedProcess[str]:
    """`lab` with these arguments, in the repository's folder, with nothing to read; both outputs are kept.

    Raises:
        subprocess.TimeoutExpired: it took longer, and was killed.
    """
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload([__name__, *IMPORTED])
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = forks.Process(target=_become, args=(list(arguments), dict(environment), out, err))
        process.start()
        process.join(timeout_s)
        late = process.is_alive()
        if late:
            process.kill()
            process.join()
        said = out.read_text("utf-8"), err.read_text("utf-8")
    if late:
        raise subprocess.TimeoutExpired(list(arguments), timeout_s, *said)
    return subprocess.CompletedProcess(["lab", *arguments], process.exitcode or 0, *said)


def _become(arguments: list[str], environment: dict[str, str], out: Path, err: Path) -> None:
    """Be `lab` from here on."""
    for number, path, flags in ((0, os.devnull, os.O_RDONLY), (1, out, os.O_WRONLY), (2, err, os.O_WRONLY)):
        opened = os.open(path, flags | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(REPOSITORY)
    sys.argv = ["lab", *arguments]
    from grader.cli import main

    main()
