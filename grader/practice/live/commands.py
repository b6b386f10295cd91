"""The page's buttons: each runs the command of its name, one at a time, as somebody in a terminal would."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from typing import Any

from grader.errors import BadInput
from grader.safe import visible
from infra import own

COMMANDS = {
    "check": ("check",),
    "grade": ("grade",),
    "submit": ("submit",),
    "restart": ("restart",),
    "reset": ("reset", "--yes"),
    "hint": ("hint",),
}
"""What can be asked for, and the command that it is; the lab's id follows the first word."""

LINES = 200
GRACE_S = 10.0
"""How long a run may take to remove what it started; then it is killed, and its systems end with it."""


class Commands:
    """Runs commands for one lab."""

    def __init__(self, lab_id: str) -> None:
        self._lab = lab_id
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._what, self._began = "", 0.0
        self._lines: list[str] = []
        self.done = 0
        """How many have ended."""

    @property
    def runs(self) -> bool:
        """Whether one runs now."""
        return self._process is not None and self._process.poll() is None

    def begin(self, what: str) -> None:
        """Run one.

        Raises:
            BadInput: there is none of that name, or one runs.
        """
        if what not in COMMANDS:
            raise BadInput(f"the page has no command {visible(what, 20)!r}")
        with self._lock:
            if self.runs:
                raise BadInput(f"`lab {self._what}` still runs: wait for it, or cancel it")
            first, *more = COMMANDS[what]
            self._what, self._began = what, time.time()
            self._lines = []
            self._process = subprocess.Popen(
                own.command("grader.cli", first, self._lab, *more),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                process_group=0,
                env={**own.environment(), "NO_COLOR": "1", "BROWNOUT_NO_BROWSER": "1"},
            )
            self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
            self._reader.start()

    def cancel(self) -> bool:
        """End the one that runs, as Ctrl-C would; returns whether one ran."""
        process = self._process
        if process is None or process.poll() is not None:
            return False
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGINT)
        return True

    def close(self) -> None:
        """End the one that runs, and wait until what it started is gone."""
        process = self._process
        if process is None:
            return
        self.cancel()
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def said(self) -> dict[str, Any]:
        """What the last one is, how it ended (None while it runs), and what it said."""
        code = self._process.poll() if self._process else None
        return {"what": self._what, "began": round(self._began, 1), "code": code, "lines": self._lines}

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as output:
            for line in output:
                self._lines = [*self._lines[1 - LINES :], visible(line.rstrip("\n"), 400)]
        process.wait()
        self.done += 1
