"""One system running as processes, as seen from any process."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from infra.errors import PlatformBroken, ServiceFailed, SystemRefused, UnknownService
from infra.process import folders, ready
from infra.process.logfile import read_tail
from infra.process.plan import LOGS, Plan, ServicePlan, read_plan
from infra.process.rewrite import LOOPBACK
from infra.process.wire import Endpoint
from infra.runtime import Address, State, Stats, Status

TAIL_BYTES = 4096
GONE_WITHIN_S = 5.0


class ProcessDeployment:
    """Satisfies `infra.runtime.Deployment`, which documents the methods."""

    runtime = "process"

    def __init__(self, folder: Path, plan: Plan, endpoint: Endpoint) -> None:
        self.name = plan.name
        self._folder, self._plan, self._endpoint = folder, plan, endpoint

    def services(self) -> tuple[str, ...]:
        return tuple(self._plan.services)

    def plan(self, service: str) -> ServicePlan:
        """What was planned for a service.

        Raises:
            UnknownService: there is no such service.
        """
        try:
            return self._plan.services[service]
        except KeyError:
            known = ", ".join(self._plan.services)
            raise UnknownService(f"deployment {self.name} has no service {service!r}; it has: {known}") from None

    def address(self, service: str, port: int, replica: int = 0) -> Address:
        published = dict(self.plan(service).published)
        if port not in published:
            raise UnknownService(f"service {service} publishes no port {port}; it publishes: {sorted(published)}")
        if replica != 0:
            raise UnknownService(f"service {service} has no replica {replica}: local processes run one of each")
        return Address(LOOPBACK, published[port])

    def near(self, service: str, port: int) -> Address:
        return self.address(service, port)

    def statuses(self) -> dict[str, Status]:
        """State of every service now."""
        return {
            name: Status(State(raw["state"]), raw["exit_code"], raw["replicas"])
            for name, raw in self._endpoint.ask("status").items()
        }

    def status(self, service: str) -> Status:
        self.plan(service)
        return self.statuses()[service]

    def kill(self, service: str) -> None:
        self._do("kill", service)

    def start(self, service: str) -> None:
        self._do("start", service)

    def restart(self, service: str) -> None:
        self._do("restart", service)

    def pause(self, service: str) -> None:
        self._do("pause", service)

    def resume(self, service: str) -> None:
        self._do("resume", service)

    def scale(self, service: str, replicas: int) -> None:
        self.plan(service)
        if replicas not in (0, 1):
            reason = "local processes have no load balancer in front of replicas"
            raise SystemRefused(f"service {service} cannot run {replicas} times: {reason}")
        self._do("scale", service, replicas=replicas)

    def wait_ready(self, service: str | None = None, timeout_s: float = 30.0) -> None:
        names = self.services() if service is None else (self.plan(service).name,)
        ready.wait(self, names, timeout_s)

    def logs(self, service: str, max_bytes: int = 65536) -> str:
        self.plan(service)
        try:
            return read_tail(self._folder / LOGS / service, max_bytes)
        except OSError as error:
            raise PlatformBroken(f"the log of service {service} is gone: {error}") from error

    def stats(self) -> dict[str, Stats]:
        found = self._endpoint.ask("stats")
        return {name: Stats(int(memory), seconds, int(count)) for name, (memory, seconds, count) in found.items()}

    def stop(self) -> None:
        plan = read_plan(self._folder)
        if plan is not None and plan.id != self._plan.id:
            return
        with suppress(PlatformBroken):
            self._endpoint.ask("stop")
            self._await_end()
        if self._endpoint.supervisor.alive or self._folder.exists():
            folders.clear(self.name)

    def failure(self, service: str, exit_code: int | None, waited_s: float | None = None) -> ServiceFailed:
        """The error that says how a service failed, with the end of its log."""
        return ServiceFailed(service, exit_code, self.logs(service, TAIL_BYTES), waited_s)

    def _do(self, verb: str, service: str, **arguments: Any) -> None:
        self.plan(service)
        try:
            self._endpoint.ask(verb, service=service, **arguments)
        except ServiceFailed as error:
            raise self.failure(service, error.exit_code) from None

    def _await_end(self) -> None:
        give_up = time.monotonic() + GONE_WITHIN_S
        while self._endpoint.supervisor.alive and time.monotonic() < give_up:
            time.sleep(0.002)
