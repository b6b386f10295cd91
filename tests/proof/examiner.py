"""Exams of controls, in the order in which tests ask for them and as many at once as the machine is said to bear."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Semaphore

from grader.catalog import root

AT_ONCE = int(os.environ.get("BROWNOUT_AT_ONCE", "1"))
"""Two held all of their verdicts on two cores (`benchmarks.verdicts --machine pair`)."""

ENDS_WITHIN_S = 60.0

Case = tuple[str, str, str]
"""Runtime, lab and control."""


@dataclass(frozen=True)
class Examined:
    """Whether a control held, and what `lab verify` wrote."""

    holds: bool
    said: str


class Examiner:
    """Holds the exams of all cases; those of the next tests begin while a test waits for its own."""

    def __init__(self, cases: Iterable[Case], seed: int, at_once: int = AT_ONCE) -> None:
        """Begin; `at_once` exams are under way at any time."""
        self._turns = Semaphore(at_once)
        self._running: set[subprocess.Popen[str]] = set()
        self._pool = ThreadPoolExecutor(at_once)
        self._exams: dict[Case, Future[Examined]] = {
            case: self._pool.submit(self.examine, case, seed) for case in cases
        }

    def of(self, case: Case) -> Examined:
        """What came of a case that it was made with."""
        return self._exams[case].result()

    def examine(self, case: Case, seed: int) -> Examined:
        """Hold one exam when it is its turn.

        Raises:
            RuntimeError: it could not be held at all.
        """
        place, lab, control = case
        with self._turns, tempfile.TemporaryDirectory(prefix="brownout-proof-") as scratch:
            rows = Path(scratch) / "rows.json"
            options = ["--runtime", place, "--control", control, "--seed", str(seed), "--json", str(rows)]
            process = subprocess.Popen(
                [sys.executable, "-m", "grader.cli", "verify", lab, *options],
                cwd=root(),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            self._running.add(process)
            try:
                said, _ = process.communicate()
            finally:
                self._running.discard(process)
            if process.returncode not in (0, 1):
                raise RuntimeError(f"lab verify ended with {process.returncode}: {said}")
            [row] = json.loads(rows.read_text("utf-8"))
            return Examined(bool(row["holds"]) and process.returncode == 0, said)

    def end(self) -> None:
        """Begin no more, and end those that are under way."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in [*self._running]:
            process.terminate()
        for process in [*self._running]:
            process.wait(ENDS_WITHIN_S)
        self._pool.shutdown()
