"""Bringing services up: each as soon as all that it depends on are ready, independent ones at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Protocol
from urllib.parse import urlsplit

from infra.errors import GivenUp, InfraError, ServiceFailed


class Part(Protocol):
    """What must be known of a service."""

    @property
    def name(self) -> str: ...
    @property
    def ready(self) -> str | None: ...
    @property
    def depends_on(self) -> tuple[str, ...]: ...


class Startable(Protocol):
    """What is needed of a deployment to bring it up."""

    def services(self) -> tuple[str, ...]: ...
    def part(self, service: str) -> Part: ...
    def start(self, service: str) -> None: ...
    def wait_for(self, services: Sequence[str], timeout_s: float, off: Callable[[], bool]) -> None: ...


def bring_up(deployment: Startable, timeout_s: float, off: Callable[[], bool]) -> None:
    """Start every service and return when all are ready.

    A dependency that is asked through another service counts as ready once it runs: its answer may need that which
    depends on it. `off` is asked all the while: once it is true, no more is started or waited for.

    Raises:
        ServiceFailed: one exited, or was not ready within `timeout_s` seconds of the first start.
        PlatformBroken: the daemon failed.
        GivenUp: it was called off.
    """
    failures = _Rise(deployment, time.monotonic() + timeout_s, off).run()
    if failures:
        raise min(failures, key=_blame)


class _Rise:
    def __init__(self, deployment: Startable, deadline: float, off: Callable[[], bool]) -> None:
        self._deployment, self._deadline, self._called_off = deployment, deadline, off
        self._passed = {name: Event() for name in deployment.services()}
        self._stop = Event()
        self._failures: list[InfraError] = []

    def run(self) -> list[InfraError]:
        with ThreadPoolExecutor(max_workers=len(self._passed) or 1) as pool:
            try:
                for future in [pool.submit(self._guarded, name) for name in self._passed]:
                    future.result()
            except BaseException:  # a signal: the pool is waited for
                self._stop.set()
                raise
        if self._stop.is_set() and not self._failures:
            raise GivenUp("the deployment was called off")
        return self._failures

    def _off(self) -> bool:
        return self._stop.is_set() or self._called_off()

    def _guarded(self, name: str) -> None:
        try:
            self._raise_one(name)
        except GivenUp:
            self._stop.set()
        except InfraError as error:
            self._failures.append(error)
            self._stop.set()
        finally:
            if not self._passed[name].is_set():
                self._stop.set()

    def _raise_one(self, name: str) -> None:
        part = self._deployment.part(name)
        for other in part.depends_on:
            self._await(other)
        self._deployment.start(name)
        if part.ready is not None and not _asked_itself(part):
            self._passed[name].set()
        self._deployment.wait_for([name], self._deadline - time.monotonic(), self._off)
        self._passed[name].set()

    def _await(self, other: str) -> None:
        while not self._passed[other].wait(0.05):
            if self._off():
                raise GivenUp("another service failed")


def _asked_itself(part: Part) -> bool:
    return urlsplit(part.ready or "").hostname == part.name


def _blame(error: InfraError) -> int:
    """The machine's trouble comes first, then a service that exited, then one that is late."""
    if not isinstance(error, ServiceFailed):
        return 0
    return 2 if error.exit_code is None else 1
