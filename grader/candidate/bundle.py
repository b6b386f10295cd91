"""A git bundle as a stream of tar: what its HEAD, or its only branch, holds, and nothing of its history."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from grader.course.files import shown
from grader.errors import BadInput

MOST_BYTES = 32 << 20
LONGEST_S = 60.0
_CAREFUL = ("-c", "core.bigFileThreshold=1m", "-c", "core.hooksPath=/dev/null", "-c", "pack.threads=1")
_ALONE = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}


def is_bundle(path: Path) -> bool:
    """Whether a file begins as a bundle does."""
    with path.open("rb") as file:
        return file.read(16) in (b"# v2 git bundle\n", b"# v3 git bundle\n")


@contextmanager
def as_tar(bundle: Path) -> Iterator[IO[bytes]]:
    """The files as a tar that is made while it is read.

    Raises:
        BadInput: too large, damaged, without a branch that can be told, or git is not here.
    """
    if bundle.stat().st_size > MOST_BYTES:
        raise BadInput(f"{shown(bundle)}: is larger than {MOST_BYTES >> 20} MiB; hand in a zip of the files")
    file = str(bundle.absolute())
    with tempfile.TemporaryDirectory(prefix="brownout-bundle-") as scratch:
        _git(bundle, scratch, "init", "--quiet", "--bare", "--template=")
        heads = [line.partition(" ")[2] for line in _git(bundle, scratch, "bundle", "list-heads", file).splitlines()]
        branches = [name for name in heads if name.startswith("refs/heads/")]
        if "HEAD" not in heads and len(branches) != 1:
            raise BadInput(f"{shown(bundle)}: has no HEAD and {len(branches)} branches; `git bundle create FILE HEAD`")
        chosen = "HEAD" if "HEAD" in heads else branches[0]
        _git(bundle, scratch, "fetch", "--quiet", "--no-tags", file, f"+{chosen}:refs/it")
        archive = subprocess.Popen(_command(scratch, "archive", "refs/it"), stdout=subprocess.PIPE, env=_environment())
        assert archive.stdout is not None
        try:
            yield archive.stdout
        finally:
            archive.kill()
            archive.communicate()


def _git(bundle: Path, folder: str, *words: str) -> str:
    try:
        done = subprocess.run(
            _command(folder, *words), capture_output=True, text=True, timeout=LONGEST_S, env=_environment()
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BadInput(f"{shown(bundle)}: git cannot read it here ({shown(error)[:120]}); hand in a zip") from error
    if done.returncode:
        why = " ".join(done.stderr.split())[:160]
        raise BadInput(
            f"{shown(bundle)}: is no whole bundle ({shown(why)}); make it with `git bundle create FILE HEAD`"
        )
    return done.stdout


def _command(folder: str, *words: str) -> Sequence[str]:
    return ["git", *_CAREFUL, "--git-dir", folder, *words]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | _ALONE
