"""Removing systems while the exam goes on to what does not need them gone: the verdict, and the end of the post."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from grader.exam.trial import TrialRun


class Removal:
    """Systems on their way out. Leaving the context waits until they are gone, and raises what went wrong with one
    unless something else was raised."""

    def __init__(self, most: int) -> None:
        """At most `most` systems are there at a time."""
        self._pool = ThreadPoolExecutor(max_workers=most)
        self._under_way: list[Future[None]] = []

    def begin(self, runs: Sequence[TrialRun]) -> None:
        """Remove the systems of these trials; those that are removed already are left alone."""
        self._under_way += [self._pool.submit(run.remove) for run in runs]

    def await_end(self) -> None:
        """Until all are gone: what is being removed takes a share of the machine.

        Raises:
            PlatformBroken: one could not be removed.
        """
        while self._under_way:
            self._under_way.pop().result()

    def __enter__(self) -> Removal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()
        if error is None:
            self.await_end()
