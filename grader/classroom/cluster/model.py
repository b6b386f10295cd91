"""What the cluster keeps of a workshop, as plain frozen data, and back.

Times are ISO 8601 in UTC (`2026-01-31T09:30:00Z`), empty for never. Whatever a participant can write (`Desk` but for
`hints`, `Submission.lab` and `.archive`) is a claim: bounded by the schemas in `schemas.py`, escaped where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from grader.classroom.cluster.names import FULL_NAME, GROUP, NICKNAME, PARTICIPANT, VERSION
from grader.result import named

MOST_ARCHIVE = 900_000
"""Characters of a submission's archive (base64 of a tar.gz); an object of the cluster holds little more than a MB."""

MOST_HINTS, MOST_HINT = 20, 20_000
"""Hints of a desk, and characters of one."""


class State(StrEnum):
    """Of a submission. `queued` until its job is made; `done` when it has a verdict."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True)
class Participant:
    """One person.

    Attributes:
        id: as in the teacher's file; `namespace` follows from it.
        name, nickname: to be shown; only the nickname where others look.
    """

    id: str
    namespace: str
    name: str
    nickname: str


@dataclass(frozen=True)
class Desk:
    """One lab of one participant, as their own `lab` tells it; named after the lab.

    Attributes:
        started, saved, seen: when the lab was first opened, files were last saved, and their `lab` last spoke.
        saves: how often files were saved.
        changed: paths that differ from what shipped.
        hints_wanted: how many hints they asked for.
        hints: texts given out so far, by the examiner.
    """

    namespace: str
    lab: str
    started: str = ""
    saved: str = ""
    seen: str = ""
    saves: int = 0
    changed: tuple[str, ...] = ()
    hints_wanted: int = 0
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Objective:
    """One objective of a verdict: pass, fail or undecided; `close` where events were too few to prove it."""

    id: str
    title: str
    verdict: str
    close: bool = False

    @property
    def word(self) -> str:
        """The verdict as it is shown."""
        return named(self.verdict, self.close)


@dataclass(frozen=True)
class Submission:
    """One request for a verdict. What was submitted never changes; all else is written by the examiner.

    Attributes:
        created: by the cluster's clock.
        archive: base64 of a tar.gz of the open files, paths relative to the lab.
        state: see `State`; one that the examiner has not seen yet is queued.
        position: in the queue, 1 is next; 0 when it is not queued.
        verdict: pass, fail or invalid once done; `close`: it hangs on an objective that was too near to be proven.
        reasons: sentences.
        started, finished: of the exam; `duration_s` in seconds.
        tries: exams held for it, more than 1 where the cluster was too busy to prove anything.
        version: of the object when it was read; what is written then is refused if it has changed since.
    """

    namespace: str
    name: str
    uid: str
    lab: str
    created: str
    archive: str
    state: State = State.QUEUED
    position: int = 0
    verdict: str = ""
    reasons: tuple[str, ...] = ()
    objectives: tuple[Objective, ...] = ()
    started: str = ""
    finished: str = ""
    duration_s: float = 0.0
    tries: int = 0
    version: str = ""
    close: bool = False

    @property
    def word(self) -> str:
        """The verdict as it is shown."""
        return named(self.verdict, self.close)


@dataclass(frozen=True)
class Snapshot:
    """A whole workshop at one moment."""

    workshop: str
    labs: tuple[str, ...]
    began: str
    ends: str
    participants: tuple[Participant, ...] = ()
    desks: tuple[Desk, ...] = field(default=())
    submissions: tuple[Submission, ...] = field(default=())


def now() -> str:
    """The time as everything here writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def participant(space: Mapping[str, Any]) -> Participant:
    """From the participant's Namespace object."""
    metadata = space["metadata"]
    notes = metadata.get("annotations") or {}
    who = metadata["labels"][PARTICIPANT]
    return Participant(who, metadata["name"], notes.get(FULL_NAME, who), notes.get(NICKNAME, who))


def desk(found: Mapping[str, Any]) -> Desk:
    """From a Desk object."""
    spec, status = found.get("spec") or {}, found.get("status") or {}
    return Desk(
        namespace=found["metadata"]["namespace"],
        lab=found["metadata"]["name"],
        started=spec.get("started", ""),
        saved=spec.get("saved", ""),
        seen=spec.get("seen", ""),
        saves=int(spec.get("saves", 0)),
        changed=tuple(spec.get("changed", ())),
        hints_wanted=int(spec.get("hintsWanted", 0)),
        hints=tuple(status.get("hints", ())),
    )


def desk_spec(one: Desk) -> dict[str, Any]:
    """The part of a desk that its participant writes."""
    return {
        "started": one.started,
        "saved": one.saved,
        "seen": one.seen,
        "saves": one.saves,
        "changed": list(one.changed),
        "hintsWanted": one.hints_wanted,
    }


def new_desk(namespace: str, lab: str) -> dict[str, Any]:
    """The object of a desk that nobody has opened."""
    metadata = {"name": lab, "namespace": namespace}
    return {"apiVersion": f"{GROUP}/{VERSION}", "kind": "Desk", "metadata": metadata, "spec": {}}


def submission(found: Mapping[str, Any]) -> Submission:
    """From a Submission object."""
    metadata, spec, status = found["metadata"], found["spec"], found.get("status") or {}
    return Submission(
        namespace=metadata["namespace"],
        name=metadata["name"],
        uid=metadata["uid"],
        lab=spec["lab"],
        created=metadata["creationTimestamp"],
        archive=spec["archive"],
        state=State(status.get("state") or State.QUEUED),
        position=int(status.get("position", 0)),
        verdict=status.get("verdict", ""),
        reasons=tuple(status.get("reasons", ())),
        objectives=tuple(
            Objective(o["id"], o["title"], o["verdict"], bool(o.get("close"))) for o in status.get("objectives", ())
        ),
        started=status.get("started", ""),
        finished=status.get("finished", ""),
        duration_s=float(status.get("durationSeconds", 0.0)),
        tries=int(status.get("tries", 0)),
        version=metadata.get("resourceVersion", ""),
        close=bool(status.get("close")),
    )


def submission_status(one: Submission) -> dict[str, Any]:
    """The part of a submission that the examiner writes."""
    return {
        "state": str(one.state),
        "position": one.position,
        "verdict": one.verdict,
        "close": one.close,
        "reasons": list(one.reasons),
        "objectives": [asdict(objective) for objective in one.objectives],
        "started": one.started,
        "finished": one.finished,
        "durationSeconds": one.duration_s,
        "tries": one.tries,
    }


def new_submission(namespace: str, lab: str, archive: str) -> dict[str, Any]:
    """The object that asks for a verdict; the cluster completes its name."""
    metadata = {"generateName": f"{lab}-", "namespace": namespace}
    spec = {"lab": lab, "archive": archive}
    return {"apiVersion": f"{GROUP}/{VERSION}", "kind": "Submission", "metadata": metadata, "spec": spec}
