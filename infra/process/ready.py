"""Bringing services up in dependency order, and waiting until they answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from infra.common.exchange import answers
from infra.errors import GivenUp, ServiceFailed
from infra.process.plan import ServicePlan
from infra.runtime import State, Status

TICK_S, MOST_S, PART = 0.02, 0.1, 0.05
"""From one look to the next: a part of the time that has passed, and no less or more than so many seconds. Looking
takes work of the cores that services need to start: eight systems that start at once were asked 300 times a second,
which was a quarter of all that their start took."""


class Startable(Protocol):
    """What is needed of a deployment to bring it up."""

    def plan(self, service: str) -> ServicePlan: ...
    def statuses(self) -> dict[str, Status]: ...
    def start(self, service: str) -> None: ...
    def failure(self, service: str, exit_code: int | None, waited_s: float | None = None) -> ServiceFailed: ...


def bring_up(deployment: Startable, names: Sequence[str], timeout_s: float, off: Callable[[], bool]) -> None:
    """Start each service as soon as all that it depends on are ready; return when all are, or `off` is true.

    Raises:
        ServiceFailed: one exited, or was not ready in time.
        GivenUp: `off` became true.
    """
    _Wait(deployment, names, timeout_s, started=set()).run(off)


def wait(deployment: Startable, names: Sequence[str], timeout_s: float) -> None:
    """Wait until services that were started before answer. Raises as `bring_up`."""
    _Wait(deployment, names, timeout_s, started=set(names)).run()


class _Wait:
    def __init__(self, deployment: Startable, names: Sequence[str], timeout_s: float, started: set[str]) -> None:
        self._deployment, self._names, self._timeout_s = deployment, names, timeout_s
        self._started = started
        self._ready: set[str] = set()
        self._asked: dict[str, Future[bool]] = {}
        self._pool = ThreadPoolExecutor(max_workers=len(names) or 1)

    def run(self, off: Callable[[], bool] = lambda: False) -> None:
        since = time.monotonic()
        try:
            while not self._step():
                if off():
                    raise GivenUp("the deployment was called off")
                passed = time.monotonic() - since
                if passed > self._timeout_s:
                    raise self._deployment.failure(self._late(), None, self._timeout_s)
                time.sleep(min(MOST_S, max(TICK_S, PART * passed)))
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _step(self) -> bool:
        """Start what can be, look at what runs; whether all are ready."""
        for name in self._names:
            if name not in self._started and self._ready.issuperset(self._deployment.plan(name).depends_on):
                self._deployment.start(name)
                self._started.add(name)
        statuses = self._deployment.statuses()
        for name in self._names:
            if name in self._started:
                self._look(name, statuses[name])
        return self._ready.issuperset(self._names)

    def _look(self, name: str, status: Status) -> None:
        if status.state is State.EXITED:
            raise self._deployment.failure(name, status.exit_code)
        url = self._deployment.plan(name).ready
        if name not in self._ready and (url is None or self._answered(name, url)):
            self._ready.add(name)

    def _answered(self, name: str, url: str) -> bool:
        asked = self._asked.get(name)
        if asked is None or asked.done():
            self._asked[name] = self._pool.submit(answers, url)
        return asked is not None and asked.done() and asked.result()

    def _late(self) -> str:
        return next(name for name in self._names if name in self._started and name not in self._ready)
