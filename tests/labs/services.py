"""A lab's services as real processes of a test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from subprocess import STDOUT

from infra.images.venvs import environment
from tests.waiting import answers, eventually

STOPS_S = 5.0


@contextmanager
def started(image: str, file: Path, env: Mapping[str, str], page: str, log: Path | None = None) -> Iterator[None]:
    """A service in an image's environment, until the end of the block; `page` tells that it is ready. What it prints
    goes into `log`, or to where this process prints."""
    out = log.open("w") if log else None
    process = subprocess.Popen(
        [environment(image) / "bin" / "python", file],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **env},
        stdout=out, stderr=STDOUT if out else None,
    )  # fmt: skip
    try:
        eventually(lambda: answers(page))
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOPS_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if out:
            out.close()
