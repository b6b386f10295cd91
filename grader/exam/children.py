"""The processes of a grading run: metronome, load generator, chaos runner.

Each ends by itself when its parent is gone; `Child.end` ends it before.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from grader.errors import Unproven
from grader.lifeline import STARTER
from infra import own
from infra.runtime import Here, Post

_START_S = 30.0


class Child:
    """One process of ours, `python -m <module> [plan]` at a post: says a line of JSON when ready, then reads its start
    time."""

    def __init__(self, module: str, *arguments: str, log: Path, post: Post | None = None) -> None:
        self.module = module
        self.killed = False
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            [*(post or Here()).command(module, *arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            start_new_session=True,
            cwd=own.ROOT,
            env={**own.environment(), "PYTHONUNBUFFERED": "1", STARTER: str(os.getpid())},
        )
        self._log_path = log

    def read(self) -> dict[str, Any]:
        """The line that it says when it is ready.

        Raises:
            Unproven: it ended before, with what it said on stderr.
        """
        line = _pipe(self._process.stdout).readline()
        if not line:
            self._process.wait(_START_S)
            raise Unproven("load-broken", f"{self.module} ended at its start: {self.last_words()}")
        parsed: dict[str, Any] = json.loads(line)
        return parsed

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send one line; a process that has ended is not an error here (its exit code tells)."""
        try:
            pipe = _pipe(self._process.stdin)
            pipe.write(json.dumps(message) + "\n")
            pipe.flush()
        except BrokenPipeError:
            pass

    def poll(self) -> int | None:
        """Exit code, or None while it runs."""
        return self._process.poll()

    def last_words(self) -> str:
        """The last line that it wrote to stderr."""
        lines = self._log_path.read_text("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else "it said nothing"

    def lines(self) -> Iterator[str]:
        """What it says from now on, until it ends."""
        return iter(_pipe(self._process.stdout))

    def stop(self, grace_s: float = 1.5) -> int:
        """SIGTERM, and SIGKILL to it and all that it started after `grace_s`, which `killed` says; returns the exit
        code."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            return self._process.wait(grace_s)
        except subprocess.TimeoutExpired:
            self.killed = True
            os.killpg(self._process.pid, signal.SIGKILL)
            return self._process.wait()

    def end(self) -> int:
        """`stop`, and close what connects us; returns the exit code."""
        try:
            return self.stop()
        finally:
            _pipe(self._process.stdout).close()
            self._log.close()


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream
