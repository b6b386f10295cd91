"""Bringing services up: each as soon as all that it depends on are ready, independent ones at once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Protocol
from urllib.parse import urlsplit

from infra.common.readiness import GivenUp
from infra.errors import InfraError, ServiceFailed


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
    def wait_for(self, services: Sequence[str], timeout_s: float, off: Event | None = None) -> None: ...


def bring_up(deployment: Startable, timeout_s: float) -> None:
    """Start every service and return when all are ready.

    A dependency that is asked through another service counts as ready once it runs: its answer may need that which
    depends on it.

    Raises:
        ServiceFailed: one exited, or was not ready within `timeout_s` seconds of the first start.
        PlatformBroken: the daemon failed.
    """
    failures = _Rise(deployment, time.monotonic() + timeout_s).run()
    if failures:
        raise min(failures, key=_blame)


class _Rise:
    def __init__(self, deployment: Startable, deadline: float) -> None:
        self._deployment, self._deadline = deployment, deadline
        self._passed = {name: Event() for name in deployment.services()}
        self._off = Event()
        self._failures: list[InfraError] = []

    def run(self) -> list[InfraError]:
        with ThreadPoolExecutor(max_workers=len(self._passed) or 1) as pool:
            for future in [pool.submit(self._guarded, name) for name in self._passed]:
                future.result()
        return self._failures

    def _guarded(self, name: str) -> None:
        try:
            self._raise_one(name)
        except GivenUp:
            pass
        except InfraError as error:
            self._failures.append(error)
            self._off.set()
        finally:
            if not self._passed[name].is_set():
                self._off.set()

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
            if self._off.is_set():
                raise GivenUp


def _asked_itself(part: Part) -> bool:
    return urlsplit(part.ready or "").hostname == part.name


def _blame(error: InfraError) -> int:
    """The machine's trouble comes first, then a service that exited, then one that is late."""
    if not isinstance(error, ServiceFailed):
        return 0
    return 2 if error.exit_code is None else 1
