"""What an exam does side by side: systems start while the post opens, and are removed while the verdict is written."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.exam.gang import LOOK_NICE, LOWEST_NICE
from grader.result import Progress, Verdict
from infra.errors import PlatformBroken
from infra.runtime import Deployment, Post, Request
from infra.system import System
from tests.grader.exam.toy import Processes, Toy

PATIENCE_S = 60.0
PAIR = {
    "parallel": 1,
    "trials": [{"id": "calm"}, {"id": "late"}],
    "objectives": {name: {"trials": ["calm", "late"]} for name in ("answered", "fair")},
}


class Leaving:
    """A deployment that does something else before it is removed."""

    def __init__(self, deployment: Deployment, before: Callable[[], None], after: Callable[[], None]) -> None:
        self._deployment, self._before, self._after = deployment, before, after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._deployment, name)

    def stop(self) -> None:
        self._before()
        self._deployment.stop()
        self._after()


class Watched(Processes):
    """Notes what happens, in order; `while_opening` is done before a post is there, `before_removal` before a system is
    removed."""

    def __init__(
        self, while_opening: Callable[[], None] = lambda: None, before_removal: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__()
        self.happened: list[str] = []
        self.deployed = threading.Event()
        self._while_opening, self._before_removal = while_opening, before_removal

    def post(self, name: str, reads: Sequence[Path], writes: Path) -> Post:
        self._while_opening()
        self.happened.append("post")
        post: Post = self._place.post(name, reads, writes)
        return post

    def deploy(self, system: System, request: Request) -> Any:
        self.happened.append("deploy")
        deployment = self._place.deploy(system, request)
        self.deployed.set()
        return Leaving(deployment, self._before_removal, lambda: self.happened.append("gone"))


def awaited(condition: Callable[[], bool]) -> bool:
    """Whether it comes true in time."""
    give_up = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < give_up:
        time.sleep(0.02)
    return condition()


def test_a_system_starts_while_the_post_opens(toy: Toy) -> None:
    waited: list[bool] = []
    place: Any = Watched(while_opening=lambda: waited.append(place.deployed.wait(PATIENCE_S)))

    assert toy.grade(place=place).verdict is Verdict.PASS
    assert waited == [True] and place.happened == ["deploy", "post", "gone"]


def test_where_room_is_asked_for_the_post_comes_first(toy: Toy) -> None:
    toy.scenario(cores=0.01)
    place: Any = Watched()

    assert toy.grade(place=place).verdict is Verdict.PASS
    assert place.happened == ["post", "deploy", "gone"]


def test_the_verdict_is_written_while_the_system_is_removed(toy: Toy) -> None:
    found: list[bool] = []
    place: Any = Watched(before_removal=lambda: found.append(awaited((toy.out / "report.html").exists)))

    assert toy.grade(place=place).verdict is Verdict.PASS
    assert found == [True] and place.happened[-1] == "gone"


def test_no_trial_begins_before_the_systems_of_the_last_are_gone(toy: Toy) -> None:
    toy.scenario(**PAIR)
    place: Any = Watched(before_removal=lambda: time.sleep(0.5))

    assert toy.grade(place=place).verdict is Verdict.PASS
    assert [what for what in place.happened if what != "post"] == ["deploy", "gone", "deploy", "gone"]


@pytest.mark.parametrize("trials", [{}, PAIR], ids=["at the end", "between"])
def test_a_system_that_cannot_be_removed_is_no_verdict(toy: Toy, trials: dict[str, Any]) -> None:
    def refuse() -> None:
        raise PlatformBroken("the host refuses")

    toy.scenario(**trials)
    stuck: list[Deployment] = []
    place: Any = Watched(before_removal=refuse)
    place.deploy = lambda system, request: kept(stuck, Watched.deploy(place, system, request))

    try:
        with pytest.raises(PlatformBroken, match="the host refuses"):
            toy.grade(place=place)
    finally:
        for deployment in stuck:
            deployment.stop()


def kept(stuck: list[Deployment], leaving: Leaving) -> Leaving:
    stuck.append(leaving._deployment)
    return leaving


@pytest.mark.skipif(sys.platform != "linux", reason="a priority is a thread's on Linux only")
def test_a_look_leaves_the_cores_to_the_systems(toy: Toy) -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    found: set[int] = set()

    def look(progress: Progress) -> None:
        if progress.stage == "running" and progress.trials:
            found.add(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    assert toy.grade(on_progress=look).verdict is Verdict.PASS
    assert found == {min(LOWEST_NICE, before + LOOK_NICE)} and os.getpriority(os.PRIO_PROCESS, 0) == before
