"""Workers that play plans side by side, each in a process of its own, whose systems go when it goes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.play.counting import Tally, count
from grader.authoring.play.season import PlayFailed, Told
from grader.course.spec import Scenario
from grader.exam.children import Child
from infra.errors import ServiceFailed

MODULE = "grader.authoring.play"


@dataclass(frozen=True)
class Played:
    """A plan by its number, how long it took from deployment to removal, all that was told, and the objectives."""

    number: int
    seconds: float
    told: Sequence[Told]
    tallies: dict[str, Tally]


def play_all(
    scenario: Scenario,
    files: Path,
    numbers: Sequence[int],
    jobs: int,
    scratch: Path,
    on_played: Callable[[Played], None] = lambda _: None,
) -> list[Played]:
    """Play plans against staged files; in the order of their numbers. However it ends, nothing is left running.

    Args:
        scenario: of a lab that is playable.
        files: the staged submission.
        numbers: of the plans.
        jobs: how many at once.
        scratch: a folder for what the workers say of themselves.
        on_played: told of each, as it is over.

    Raises:
        PlayFailed: a plan could not be played.
        ServiceFailed: the submission's service, or another one, did not start.
        Unproven: a worker ended.
    """
    left, lock = iter(numbers), threading.Lock()

    def take() -> Iterator[int]:
        while (number := _next(left, lock)) is not None:
            yield number

    scratch.mkdir(parents=True, exist_ok=True)
    workers: list[Child] = []
    try:
        for place in range(min(jobs, len(numbers))):
            workers.append(Child(MODULE, scenario.lab.id, str(files), log=scratch / f"worker-{place}.log"))
        with ThreadPoolExecutor(max_workers=len(workers)) as pool:
            try:
                done = [pool.submit(_work, scenario, worker, take(), on_played) for worker in workers]
                played = [one for future in as_completed(done) for one in future.result()]
            except BaseException:
                for worker in workers:
                    worker.stop()  # or our threads would go on waiting for them
                raise
    finally:
        for worker in workers:
            worker.end()
    return sorted(played, key=lambda one: one.number)


def _next(left: Iterator[int], lock: threading.Lock) -> int | None:
    with lock:
        return next(left, None)


def _work(
    scenario: Scenario, worker: Child, numbers: Iterator[int], on_played: Callable[[Played], None]
) -> list[Played]:
    worker.read()
    played = []
    for number in numbers:
        worker.tell({"number": number})
        said = worker.read()
        if "service" in said:
            raise ServiceFailed(said["service"], said["exit_code"], said["log"])
        if "failed" in said:
            raise PlayFailed(f"plan {number}: {said['failed']}")
        told = [Told(*one) for one in said["told"]]
        played.append(Played(number, said["seconds"], told, count(scenario, told)))
        on_played(played[-1])
    return played
