"""run.json: what was run, written by the exam and read by the judge.

Together with events.parquet, plan.parquet and scenario/ it is all that a verdict needs.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from grader.course.spec import Scalar, Strict
from grader.errors import BadRun

EVENT_FILES = ("events.parquet", "plan.parquet")
_BLOCK = 1 << 24  # large: after each, a thread that is importing may keep Python for 5 ms


class Failure(Strict):
    """Something that happened in a trial besides its events.

    `blame` says what it means: `submission` ends in fail, `machine` in invalid, `note` only informs.
    """

    code: str
    message: str
    blame: Literal["submission", "machine", "note"]


class TrialRecord(Strict):
    """One trial as it was run; `kind` is the trial's id in scenario.yaml, times in seconds.

    `ended_s` is the trial time up to which its timeline ran (its whole length, unless it was stopped early; what is
    left of it once all requests are answered has nothing to send, and is not waited for). `control` stood in for the
    submission, to see whether the machine is busy without it; empty in trials that judge.
    """

    id: str
    kind: str
    title: str
    attempt: int
    seed: int
    parameters: dict[str, Scalar]
    planned_s: float
    ended_s: float = 0.0
    duration_s: float = 0.0
    failures: tuple[Failure, ...] = ()
    control: str = ""

    @property
    def stopped_early(self) -> bool:
        return self.ended_s < self.planned_s


Close = Literal["decide", "invalid"]
"""What an objective comes to that is still too close to tell when all draws are done: what was measured, or nothing."""


class RunRecord(Strict):
    """A whole run. `alpha` is the exam's error probability on each side, `digests` the SHA-256 of the event files,
    `put_back` names open files that were not handed in, `reader` are the lab's questions for a person.
    `close` says what becomes of an objective that is too close to tell; a run that is not over leaves it open."""

    format: Literal["brownout/run/1"] = "brownout/run/1"
    lab: str
    seed: int
    runtime: str
    alpha: float
    duration_s: float
    versions: dict[str, str]
    trials: tuple[TrialRecord, ...]
    put_back: tuple[str, ...] = ()
    reader: tuple[str, ...] = ()
    close: Close = "invalid"
    digests: dict[str, str] = {}

    def save(self, run_dir: Path) -> None:
        """Write run.json, with the digests of the event files that lie beside it."""
        record = self.model_copy(update={"digests": {name: _digest(run_dir / name) for name in EVENT_FILES}})
        text = json.dumps(record.model_dump(mode="json"), indent=1, sort_keys=True)
        (run_dir / "run.json").write_text(text + "\n", "utf-8")


def load_record(run_dir: Path) -> RunRecord:
    """Read run.json and check that the event files are those it was written for.

    Raises:
        BadRun: missing, truncated, changed, or of another format.
    """
    record = _read(run_dir)
    for name in EVENT_FILES:
        try:
            whole = _digest(run_dir / name) == record.digests.get(name)
        except OSError as error:
            raise BadRun(f"{run_dir / name}: cannot be read: {error.strerror}") from error
        if not whole:
            raise BadRun(f"{run_dir / name}: is not what was recorded (truncated, corrupt or changed)")
    return record


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _read(run_dir: Path) -> RunRecord:
    path = run_dir / "run.json"
    try:
        return RunRecord.model_validate_json(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BadRun(f"{path}: does not exist; {run_dir} is not the folder of a finished run") from None
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        what = " ".join(str(error).split())[:200]
        raise BadRun(f"{path}: is not a run record of this version: {what}") from error
