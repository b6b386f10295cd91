"""A workshop in which nothing has happened yet, and ways to make it happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.classroom.board.demo import stamp
from grader.classroom.board.history import History
from grader.classroom.cluster.model import Desk, Objective, Participant, Snapshot, State, Submission

BEGAN = 1_800_000_000.0


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    made = History(tmp_path / "board.sqlite")
    yield made
    made.close()


@pytest.fixture
def empty() -> Snapshot:
    """Ada and Bo, who have not begun with the lab `canary`; two hours."""
    people = tuple(Participant(who, f"ws-t--{who}", f"{who.title()} Full", nick) for who, nick in
                   (("ada", "brisk otter"), ("bo", "calm newt")))  # fmt: skip
    desks = tuple(Desk(one.namespace, "canary") for one in people)
    return Snapshot("t", ("canary",), stamp(BEGAN), stamp(BEGAN + 7200), people, desks)


@pytest.fixture
def began() -> float:
    return BEGAN


@pytest.fixture
def handed() -> Callable[..., Submission]:
    """Makes a submission of Ada's, handed in at `at`; with a verdict it is done a minute later."""

    def make(number: int, at: float, verdict: str = "", missed: tuple[str, ...] = (), **more: object) -> Submission:
        titles = ("fast", "right", "fair")
        objectives = tuple(Objective(t, t.title(), "fail" if t in missed else "pass") for t in titles)
        done = bool(verdict)
        values: dict[str, object] = {
            "state": State.DONE if done else State.QUEUED,
            "verdict": verdict,
            "objectives": objectives if verdict in ("pass", "fail") else (),
            "started": stamp(at + 5) if done else "",
            "finished": stamp(at + 60) if done else "",
        }
        fixed = ("ws-t--ada", f"canary-{number}", f"uid-{number}", "canary", stamp(at), "")
        return Submission(*fixed, **(values | more))  # type: ignore[arg-type]

    return make
