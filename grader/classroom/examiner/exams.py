"""An exam as its job shows it, and what came out. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from grader.classroom.cluster.model import Objective, Submission

NAME = re.compile(r"exam-([0-9a-f-]{36})-([0-9]{1,2})")
OUTCOME = "outcome.json"
"""Key of the ConfigMap, called as the job, in which an exam says what came out. It is written once, whole."""


class Job(StrEnum):
    """What an exam's job does. `failed`: it died, or was ended."""

    ACTIVE = "active"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True)
class Exam:
    """One try at a submission.

    Attributes:
        uid, number: of the submission, and which try it is, from 1.
        why: what the cluster says of one that failed.
    """

    uid: str
    number: int
    state: Job
    why: str = ""

    @property
    def name(self) -> str:
        """Of its job."""
        return name(self.uid, self.number)


@dataclass(frozen=True)
class Outcome:
    """What came out of an exam.

    Attributes:
        verdict, reasons, objectives, duration_s, close: as in `grader.classroom.cluster.model.Submission`.
        seed: what it was drawn from; None where nothing ran.
        again: it proves nothing for reasons that another try may not meet.
        memory_bytes: the most that the exam's pod held, 0 where that is not known.
    """

    verdict: str
    reasons: tuple[str, ...] = ()
    objectives: tuple[Objective, ...] = ()
    duration_s: float = 0.0
    seed: int | None = None
    again: bool = False
    memory_bytes: int = 0
    close: bool = False


def name(uid: str, number: int) -> str:
    """Of the job and the ConfigMap of a try."""
    return f"exam-{uid}-{number}"


def of(one: Submission) -> str:
    """Name of the try that a submission has now."""
    return name(one.uid, one.tries)


def exam(job: Mapping[str, Any]) -> Exam | None:
    """From a Job object; None for one that is no exam."""
    match = NAME.fullmatch(job["metadata"]["name"])
    if match is None:
        return None
    for condition in job.get("status", {}).get("conditions", ()):
        if condition.get("status") == "True" and condition["type"] in ("Complete", "Failed"):
            state = Job.SUCCEEDED if condition["type"] == "Complete" else Job.FAILED
            return Exam(match[1], int(match[2]), state, condition.get("reason", ""))
    state = Job.FAILED if job["metadata"].get("deletionTimestamp") else Job.ACTIVE
    return Exam(match[1], int(match[2]), state, "it was deleted" if state is Job.FAILED else "")


def write(outcome: Outcome) -> str:
    """As text."""
    return json.dumps(asdict(outcome))


def read(text: str) -> Outcome:
    """From text that `write` made."""
    raw = json.loads(text)
    objectives = tuple(Objective(**one) for one in raw.pop("objectives"))
    return Outcome(**{**raw, "reasons": tuple(raw["reasons"]), "objectives": objectives})
