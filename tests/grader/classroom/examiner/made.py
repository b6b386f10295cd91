"""Submissions and snapshots as tests need them."""

from __future__ import annotations

from collections.abc import Iterable

from grader.classroom.cluster.model import Desk, Snapshot, State, Submission


def uid(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def at(second: int) -> str:
    """A time as the cluster writes it."""
    return f"2026-01-31T{9 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def sent(number: int, person: str, second: int = 0, state: State = State.QUEUED, **more: object) -> Submission:
    fields: dict[str, object] = {"lab": "desk", "archive": "", "created": at(second), "state": state, **more}
    return Submission(namespace=f"ws-e--{person}", name=f"desk-{number}", uid=uid(number), **fields)  # type: ignore[arg-type]


def snapshot(submissions: Iterable[Submission], desks: tuple[Desk, ...] = ()) -> Snapshot:
    return Snapshot("e", ("desk",), at(0), "", desks=desks, submissions=tuple(submissions))
