"""Which state of the code was examined."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from grader.proof.digests import LEDGER
from infra import own

_NAMES = ("rev-parse", "--short=7", "HEAD")
_NO_CODE = (":!benchmarks/data", f":!scenarios/*/{LEDGER}")
_DIFFERENCES = ("status", "--porcelain", "--untracked-files=no", "--", ".", *_NO_CODE)


def commit(root: Path = own.ROOT) -> str:
    """The checkout's commit, with `-dirty` where files differ from it; ledgers and measured rows do not count."""
    try:
        made, changed = _git(root, _NAMES), _git(root, _DIFFERENCES)
    except OSError:
        return "unknown"
    return f"{made}{'-dirty' if changed else ''}" or "unknown"


def _git(root: Path, arguments: Sequence[str]) -> str:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    done = subprocess.run(["git", *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False)
    return done.stdout.strip()
