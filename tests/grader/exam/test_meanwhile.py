"""What an exam does side by side: systems start while the post opens, and are removed while the verdict is written."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


@dataclass
class Seen:
    """What was seen of one exam.

    Attributes:
        waited: whether the system was there before the post.
        written: whether the report was there before the system was gone.
        happened: in order.
        looks: priorities with which it was looked at what had happened.
    """

    verdict: Verdict
    waited: list[bool]
    written: list[bool]
    happened: list[str]
    looks: set[int]


@pytest.fixture(scope="module")
def seen(own_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """One exam, whose post opens only once the system is there, and whose system goes only once the report is there."""
    toy, waited, written, looks = Toy(tmp_path_factory.mktemp("seen")), [], [], set()

    def look(progress: Progress) -> None:
        if progress.stage == "running" and progress.trials:
            looks.add(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    place: Any = Watched(
        while_opening=lambda: waited.append(place.deployed.wait(PATIENCE_S)),
        before_removal=lambda: written.append(awaited((toy.out / "report.html").exists)),
    )
    verdict = toy.grade(place=place, on_progress=look).verdict
    return Seen(verdict, waited, written, place.happened, looks)


def test_a_system_starts_while_the_post_opens(seen: Seen) -> None:
    assert seen.verdict is Verdict.PASS
    assert seen.waited == [True] and seen.happened == ["deploy", "post", "gone"]


def test_the_verdict_is_written_while_the_system_is_removed(seen: Seen) -> None:
    assert seen.written == [True] and seen.happened[-1] == "gone"


@pytest.mark.skipif(sys.platform != "linux", reason="a priority is a thread's on Linux only")
def test_a_look_leaves_the_cores_to_the_systems(seen: Seen) -> None:
    assert seen.looks == {min(LOWEST_NICE, os.getpriority(os.PRIO_PROCESS, 0) + LOOK_NICE)}


@pytest.mark.slow
def test_where_room_is_asked_for_the_post_comes_first(toy: Toy) -> None:
    toy.scenario(cores=0.01)
    place: Any = Watched()

    assert toy.grade(place=place).verdict is Verdict.PASS
    assert place.happened == ["post", "deploy", "gone"]


@pytest.mark.slow
def test_no_trial_begins_before_the_systems_of_the_last_are_gone(toy: Toy) -> None:
    toy.scenario(**PAIR)
    place: Any = Watched(before_removal=lambda: time.sleep(0.5))

    assert toy.grade(place=place).verdict is Verdict.PASS
    assert [what for what in place.happened if what != "post"] == ["deploy", "gone", "deploy", "gone"]


@pytest.mark.parametrize("trials", [{}, pytest.param(PAIR, marks=pytest.mark.slow)], ids=["at the end", "between"])
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
