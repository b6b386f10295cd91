"""One running system in a namespace."""

from __future__ import annotations

import base64
import hashlib
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra.common import readiness
from infra.errors import PlatformBroken, ServiceFailed, SystemRefused, UnknownService
from infra.k8s import bundle, keeper, state, sweep
from infra.k8s.line import Line
from infra.k8s.state import Part, Port, Record
from infra.runtime import Address, State, Stats, Status

INSIDE = "BROWNOUT_K8S_INSIDE"
"""Set where pods are reached at their own addresses, which is in a pod of ours."""

TAIL_BYTES = 4096
BIRTH_S = 30.0
NO_SUCH_FILE = 127


class KubernetesDeployment:
    """Satisfies `infra.runtime.Deployment`, which documents the methods."""

    runtime = "k8s"

    def __init__(self, record: Record) -> None:
        self.name = record.name
        self.record = record
        self._parts = {part.name: part for part in record.parts}
        self._lines = {part.name: self._line(part.control, part.token, part.name) for part in record.parts}

    def services(self) -> tuple[str, ...]:
        return tuple(self._parts)

    def part(self, service: str) -> Part:
        """What is written down of a service.

        Raises:
            UnknownService: there is none of that name.
        """
        try:
            return self._parts[service]
        except KeyError:
            raise UnknownService(
                f"deployment {self.name} has no service {service!r}; it has {', '.join(self._parts)}"
            ) from None

    def address(self, service: str, port: int, replica: int = 0) -> Address:
        if replica != 0:
            self.part(service)
            raise UnknownService(f"service {service} has no replica {replica}: this runtime runs one of each")
        return Address(*self._where(self._published(service, port)))

    def near(self, service: str, port: int) -> Address:
        return Address(self.record.pods[self._published(service, port).pod], port)

    def status(self, service: str) -> Status:
        self.part(service)
        found = self._ask(service, "status")
        running = found["state"] != State.EXITED
        return Status(State(found["state"]), found["exit_code"], int(running))

    def kill(self, service: str) -> None:
        self._ask(service, "kill")

    def start(self, service: str) -> None:
        self._bring_code(self.part(service))
        self._ask(service, "start")

    def start_as_made(self, service: str) -> None:
        """Start a service for the first time, its code being there."""
        self._ask(service, "start")

    def restart(self, service: str) -> None:
        self._bring_code(self.part(service))
        self._ask(service, "restart")

    def pause(self, service: str) -> None:
        found = self._ask(service, "pause")
        if found["state"] == State.EXITED:
            raise self.failed(service, found["exit_code"])

    def resume(self, service: str) -> None:
        self._ask(service, "resume")

    def scale(self, service: str, replicas: int) -> None:
        self.part(service)
        if replicas not in (0, 1):
            reason = "its address and volumes belong to one pod"
            raise SystemRefused(f"service {service} cannot run {replicas} times: {reason}")
        self._ask(service, "start" if replicas else "kill")

    def wait_ready(self, service: str | None = None, timeout_s: float = 30.0) -> None:
        names = self.services() if service is None else (self.part(service).name,)
        self.wait_for(names, timeout_s)

    def wait_for(self, services: Sequence[str], timeout_s: float, off: Callable[[], bool] = lambda: False) -> None:
        """Wait until these services are ready, or `off` is true (raises GivenUp)."""
        for name in services:
            if self.part(name).ready is None:
                self._raise_if_dead(name)
        urls = {name: url for name in services if (url := self.part(name).ready) is not None}
        try:
            readiness.wait(urls, self._raise_if_dead, time.monotonic() + timeout_s, off, self._answers)
        except readiness.NotReady as late:
            raise self.failed(late.service, None, timeout_s) from None

    def logs(self, service: str, max_bytes: int = 65536) -> str:
        self.part(service)
        text: str = self._ask(service, "logs", count=max_bytes)
        return text

    def stats(self) -> dict[str, Stats]:
        found = {name: self._ask(name, "stats") for name in self._parts}
        return {name: Stats(int(use[0]), float(use[1]), int(use[2])) for name, use in found.items() if use}

    def stop(self) -> None:
        now = state.read(self.name)
        if now is not None and now.id != self.record.id:
            return
        for line in self._lines.values():
            line.close()
        sweep.remove(self.record)

    def failed(self, service: str, exit_code: int | None, waited_s: float | None = None) -> ServiceFailed:
        """The error for a service that is not as it should be, with the end of its log."""
        return ServiceFailed(service, exit_code, self.logs(service, TAIL_BYTES), waited_s)

    def reaches(self, service: str, other: str) -> bool:
        """Whether another service's ports are routed to, as seen from a service's pod: one that answers there, or
        refuses, does."""
        part = self.part(other)
        return all(self._ask(service, "reaches", host=part.address, port=port) for port in part.ports)

    def birth(self, service: str) -> str:
        """The number that a service's supervisor drew; awaited, since its container runs before it answers.

        Raises:
            PlatformBroken: it did not answer within `BIRTH_S` seconds.
        """
        give_up = time.monotonic() + BIRTH_S
        while True:
            try:
                return str(self._lines[service].ask("status")["birth"])
            except PlatformBroken:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.3)

    def _ask(self, service: str, do: str, **arguments: Any) -> Any:
        part = self.part(service)
        found = self._lines[service].ask(do, **arguments)
        if part.birth and isinstance(found, dict) and found["birth"] != part.birth:
            raise PlatformBroken(f"the pod of service {service} was replaced by the cluster: deploy again")
        return found

    def _answers(self, url: str) -> bool:
        """Asked by the supervisor beside the service that is named in the URL."""
        parts = urlsplit(url)
        near = parts._replace(netloc=f"127.0.0.1:{parts.port}").geturl()
        return bool(self._ask(parts.hostname or "", "answers", url=near))

    def _raise_if_dead(self, service: str) -> None:
        status = self.status(service)
        if status.state is State.EXITED:
            raise self.failed(service, status.exit_code)

    def _published(self, service: str, port: int) -> Port:
        for published in self.part(service).published:
            if published.inside == port:
                return published
        raise UnknownService(f"service {service} does not publish port {port}")

    def _line(self, port: Port, token: str, who: str) -> Line:
        return Line(*self._where(port), token, f"the supervisor of {who}")

    def _where(self, port: Port) -> tuple[str, int]:
        if os.environ.get(INSIDE):
            return self.record.pods[port.pod], port.inside
        return "127.0.0.1", port.outside

    def _bring_code(self, part: Part) -> None:
        """Put a candidate's files where the service sees them, as they are now."""
        if part.courier is None or os.environ.get(INSIDE):
            return
        keeper.ensure(self.record)
        sources = [
            (name, _there(one.name, Path(path)))
            for one in self.record.parts
            if one.courier == part.courier
            for name, path in one.mounts
        ]
        packed = bundle.pack(sources)
        line = self._line(part.courier, self.record.courier_token, f"{part.name}'s code")
        try:
            if line.ask("have") != hashlib.sha256(packed).hexdigest():
                line.ask("update", archive=base64.b64encode(packed).decode())
        finally:
            line.close()


def _there(service: str, path: Path) -> Path:
    if not path.exists():
        raise ServiceFailed(service, NO_SUCH_FILE, f"{path.name} is missing")
    return path


def keep(record: Record) -> KubernetesDeployment:
    """A deployment whose ports lead somewhere."""
    if not os.environ.get(INSIDE):
        keeper.ensure(record)
    return KubernetesDeployment(record)
