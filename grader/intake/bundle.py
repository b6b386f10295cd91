"""A git bundle as a stream of tar: what its HEAD, or its only branch, holds, and nothing of its history."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from grader.course.files import shown
from grader.errors import BadInput

HEADS = (b"# v2 git bundle\n", b"# v3 git bundle\n")
LONGEST_S = 60.0
_CAREFUL = ("-c", "core.bigFileThreshold=1m", "-c", "core.hooksPath=/dev/null", "-c", "pack.threads=1")
_ALONE = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
_NO_ATTRIBUTES = "* -export-ignore -export-subst !text !eol !crlf !ident !filter !working-tree-encoding\n"
"""What a commit's own .gitattributes would leave out or write otherwise: every file is there, byte for byte."""


@contextmanager
def as_tar(bundle: Path, scratch: Path) -> Iterator[IO[bytes]]:
    """The files as a tar that is made while it is read.

    Raises:
        BadInput: damaged, without a branch that can be told, or git is not here; without the bundle's name.
    """
    file, there = str(bundle.absolute()), str(scratch)
    _git(there, "init", "--quiet", "--bare", "--template=")
    (scratch / "info").mkdir(exist_ok=True)
    (scratch / "info" / "attributes").write_text(_NO_ATTRIBUTES, "utf-8")
    heads = [line.partition(" ")[2] for line in _git(there, "bundle", "list-heads", file).splitlines()]
    branches = [name for name in heads if name.startswith("refs/heads/")]
    if "HEAD" not in heads and len(branches) != 1:
        raise BadInput(f"has no HEAD and {len(branches)} branches; `git bundle create FILE HEAD`")
    chosen = "HEAD" if "HEAD" in heads else branches[0]
    _git(there, "fetch", "--quiet", "--no-tags", file, f"+{chosen}:refs/it")
    command = _command(there, "archive", "refs/it")
    archive = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment())
    assert archive.stdout is not None
    try:
        yield archive.stdout
    finally:
        archive.kill()
        archive.communicate()


def _git(folder: str, *words: str) -> str:
    try:
        done = subprocess.run(
            _command(folder, *words), capture_output=True, text=True, timeout=LONGEST_S, env=_environment()
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BadInput(f"git cannot read it here ({shown(error)[:120]}); hand in a zip") from error
    if done.returncode < 0:
        raise BadInput("takes too much memory or time to unpack; hand in a zip of the files")
    if done.returncode:
        why = shown(" ".join(done.stderr.split())[:160])
        raise BadInput(f"is no whole bundle ({why}); make it with `git bundle create FILE HEAD`")
    return done.stdout


def _command(folder: str, *words: str) -> Sequence[str]:
    return ["git", *_CAREFUL, "--git-dir", folder, *words]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | _ALONE
