"""A batch in its folder: what is graded already, and the flow that grades the rest.

The folder has `outcomes/NAME.json`, one for each submission that is through, and `runs/NAME/`, its run folder. All else
is made from these, so a batch that was killed goes on, and folders of several machines can be put together.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course import catalog
from grader.course.files import shown
from grader.errors import BadInput
from grader.exam import longest_s
from grader.hiring import receipts, seeds
from grader.hiring.batch.rows import Row, digest
from grader.intake import staging
from grader.judge.record import Close
from grader.proof.digests import lab_digest
from grader.result import named
from infra import own
from infra.errors import PlatformBroken, SystemRefused
from infra.images.venvs import environment
from infra.runtime import runtime
from infra.system import load_system

GONE_S = 20.0
"""A grading that is told to end takes 10 s at most."""

LEAST_DISK = 64 << 20
_FLOW = Path(__file__).with_name("flow.py")
_FOLDERS = ("outcomes", "runs", "logs")


@dataclass(frozen=True)
class Outcome:
    """What a submission ended with: pass, fail, refused or invalid, the first reason, the seconds of the last try, and
    how many there were. A `suspect` one is invalid and is not graded again: a person reads its logs first. Nor is a
    `close` one, too near a promise to be proven, which `--close invalid` makes invalid: its first verdict counts."""

    candidate: str
    lab: str
    digest: str
    verdict: str
    suspect: bool
    reason: str
    seconds: float
    tries: int
    close: bool = False

    @property
    def again(self) -> bool:
        """Whether another run may tell more."""
        return self.verdict == "invalid" and not self.suspect and not self.close

    @property
    def word(self) -> str:
        """The verdict as it is shown."""
        return named(self.verdict, self.close)


class Batch:
    """The rows of a batch in its folder, and how they are graded."""

    def __init__(
        self,
        to: Path,
        rows: Sequence[Row],
        place: str,
        key: Path | None,
        sign: Path | None,
        strict: bool = False,
        close: Close = "decide",
    ) -> None:
        """
        Args:
            to: the batch's folder.
            rows: what is graded.
            place: name of the runtime.
            key: the team's, to draw each candidate's own exam; None draws any.
            sign: the private key for receipts, or None.
            strict, close: as for `lab grade`.

        Raises:
            BadInput: a key that cannot be used
            RuntimeUnavailable, SystemRefused: the runtime is not here, or does not run one of the labs.
        """
        self.to, self.rows, self.place = to.absolute(), rows, place
        self.strict, self.close = strict, close
        self.key, self.sign = key and key.absolute(), sign and sign.absolute()
        secret = seeds.read_key(key) if key else b""
        if sign:
            receipts.signer(sign)
        runtime(place).check()
        self.scenarios = {lab: catalog.find_scenario(catalog.find_lab(lab)) for lab in {row.lab for row in rows}}
        versions = {lab: lab_digest(scenario) for lab, scenario in self.scenarios.items()}
        for lab, scenario in self.scenarios.items():
            system = load_system(scenario.lab.folder / "compose.yaml", scenario.lab.spec.open)
            if reason := runtime(place).refusal(system):
                raise SystemRefused(f"lab {lab} cannot run on {place}: {reason}")
        how = " ".join([place, *(["strict"] if strict else []), *(["close-invalid"] if close == "invalid" else [])])
        self.digests: dict[Row, str] = {}
        for row in rows:
            version = versions[row.lab]
            whose = seeds.commitment(secret, row.candidate, row.lab, version) if key else ""
            self.digests[row] = digest(row, version, how, whose)

    def outcome(self, row: Row) -> Outcome | None:
        """What a row ended with, if that was for the same files, exam and runtime."""
        try:
            found = Outcome(**json.loads(self._path("outcomes", row, ".json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return found if found.digest == self.digests[row] else None

    def left(self) -> list[Row]:
        """Rows without an outcome, and those that proved nothing."""
        found = {row: self.outcome(row) for row in self.rows}
        return [row for row, outcome in found.items() if outcome is None or outcome.again]

    def run(self, at_once: int, on_outcome: Callable[[Row, Outcome], None]) -> None:
        """Grade the rows that are left; nothing is left running, however this ends.

        Raises:
            BadInput: another batch is at work in the folder, or it cannot be written.
            RuntimeUnavailable, PlatformBroken: the machine gives no more gradings; what is through is kept.
        """
        python = environment("flows") / "bin" / "python"
        with _alone(self.to) as lock:
            for folder in staging.abandoned():
                shutil.rmtree(folder, ignore_errors=True)
            rows = self.left()
            for row in rows:
                self._path("outcomes", row, ".json").unlink(missing_ok=True)
            plan: dict[str, Any] = {"prefect": str(self.to / "prefect"), "lock": lock, "at_once": at_once}
            plan["rows"] = [self._plan(row) for row in rows]
            with (self.to / "flow.log").open("a") as log:
                streams: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": log, "stderr": log}
                place: dict[str, Any] = {"cwd": self.to, "env": {**own.environment(), "NO_COLOR": "1"}}
                command = [str(python), "-I", str(_FLOW)]
                flow = subprocess.Popen(command, **streams, **place, pass_fds=[lock], start_new_session=True)
            assert flow.stdin is not None
            try:
                with suppress(BrokenPipeError):
                    flow.stdin.write(json.dumps(plan).encode() + b"\n")
                    flow.stdin.flush()
                self._await(flow, rows, on_outcome)
            finally:
                flow.kill()  # its gradings are told to end, by the kernel
                flow.wait()
                with suppress(BrokenPipeError):
                    flow.stdin.close()
        shutil.rmtree(self.to / "prefect", ignore_errors=True)

    def _await(
        self, flow: subprocess.Popen[bytes], rows: list[Row], on_outcome: Callable[[Row, Outcome], None]
    ) -> None:
        while rows:
            ended = flow.poll() is not None
            for row, outcome in [(row, found) for row in rows if (found := self.outcome(row))]:
                if outcome.verdict == "refused":
                    self._believe(row)
                rows.remove(row)
                on_outcome(row, outcome)
            if ended and rows:
                raise PlatformBroken(
                    f"the flow ended with {flow.returncode} before {len(rows)} submissions were graded "
                    f"({self.to / 'flow.log'} says more); --resume goes on"
                )
            time.sleep(0.2)

    def _believe(self, row: Row) -> None:
        """A refusal counts only while this machine can grade at all: a runtime that is gone exits 2 as well."""
        try:
            runtime(self.place).check()
            if shutil.disk_usage(self.to).free < LEAST_DISK:
                raise PlatformBroken(f"{self.to}: the disk is full; free some space, then --resume goes on")
        except Exception:
            self._path("outcomes", row, ".json").unlink(missing_ok=True)
            raise

    def _plan(self, row: Row) -> Mapping[str, object]:
        command = own.command("grader.cli", "grade", row.lab, "--submission", str(row.path), "--runtime", self.place)
        command += ["--json", "--stop-early", "--out", str(self.run_dir(row))]
        command += ["--strict"] if self.strict else []
        command += ["--close", self.close]
        command += [f"--for={row.candidate}", "--key", str(self.key)] if self.key else []
        command += ["--sign", str(self.sign)] if self.sign else []
        return {
            "name": row.name,
            "command": command,
            "run": str(self.run_dir(row)),
            "log": str(self._path("logs", row, ".log")),
            "outcome": str(self._path("outcomes", row, ".json")),
            "near": self.close == "invalid",
            "limit_s": longest_s(self.scenarios[row.lab]) + GONE_S,
            "about": {"candidate": row.candidate, "lab": row.lab, "digest": self.digests[row]},
        }

    def run_dir(self, row: Row) -> Path:
        """A row's run folder."""
        return self._path("runs", row)

    def _path(self, kind: str, row: Row, end: str = "") -> Path:
        return self.to / kind / f"{row.name}{end}"


def begin(to: Path, source: Path, resume: bool) -> None:
    """Make a batch's folder, which nobody else on this machine may look into: it has names and code of people.

    Raises:
        BadInput: it holds a batch and is not to be resumed, holds something else, lies in `source`, or cannot be made.
    """
    if to.resolve() == source.resolve() or source.resolve() in to.resolve().parents:
        raise BadInput(f"{shown(to)}: lies among the submissions; name a folder elsewhere with --to")
    try:
        to.mkdir(0o700, parents=True, exist_ok=True)
        there = {path.name for path in to.iterdir()}
        if there and "outcomes" not in there:
            raise BadInput(f"{shown(to)}: is not empty and no batch; name another folder with --to")
        if there and not resume:
            raise BadInput(f"{shown(to)}: holds a batch already; go on with --resume, or name another folder with --to")
        to.chmod(0o700)
        for name in _FOLDERS:
            (to / name).mkdir(exist_ok=True)
    except OSError as error:
        raise BadInput(f"{shown(to)}: cannot be written ({error.strerror}); name another folder with --to") from error


@contextmanager
def _alone(to: Path) -> Iterator[int]:
    """The lock of a batch's folder. Flow and gradings inherit it, so it is free when the last of them is gone; that is
    waited for here."""
    handle = _locked(to)
    try:
        yield handle
    finally:
        os.close(handle)
        with suppress(BadInput):
            os.close(_locked(to))


def _locked(to: Path) -> int:
    handle = os.open(to / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    give_up = time.monotonic() + GONE_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if time.monotonic() > give_up:
                os.close(handle)
                raise BadInput(f"{shown(to)}: another `lab batch` is at work there; wait for its end") from None
            time.sleep(0.1)
