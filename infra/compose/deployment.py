"""One running system in containers."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from infra.common import readiness
from infra.compose import containers, failure, state, sweep, usage
from infra.compose.containers import Container
from infra.compose.daemon import client, talking
from infra.compose.replicas import grow, host_ports
from infra.compose.state import Part, Record
from infra.errors import PlatformBroken, ServiceFailed, SystemRefused, UnknownService
from infra.runtime import Address, State, Stats, Status

MOST_REPLICAS = 16
TAIL_BYTES = 4096
UNCHANGED, CONFLICT = 304, 409
NO_SUCH_FILE = 127


class ComposeDeployment:
    """Satisfies `infra.runtime.Deployment`, which documents the methods."""

    runtime = "compose"

    def __init__(self, record: Record, reaper: subprocess.Popen[bytes] | None = None) -> None:
        self.name = record.name
        self._record = record
        self._reaper = reaper
        self._parts = {part.name: part for part in record.parts}

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
        published = self.part(service).published
        if replica != 0:
            found = [one for one in self._replicas(service) if one.replica == replica]
            if not found:
                raise UnknownService(f"service {service} has no replica {replica}")
            published = host_ports(found[0])
        if port not in published:
            raise UnknownService(f"service {service} does not publish port {port}")
        return Address("127.0.0.1", published[port])

    def near(self, service: str, port: int) -> Address:
        return self.address(service, port)

    def status(self, service: str) -> Status:
        found = self._replicas(service)
        up = [container for container in found if container.up]
        if not up:
            return Status(State.EXITED, found[0].exit_code, 0)
        frozen = all(container.state == "paused" for container in up)
        return Status(State.PAUSED if frozen else State.RUNNING, None, len(up))

    def kill(self, service: str) -> None:
        containers.kill(self._replicas(service))

    def start(self, service: str) -> None:
        containers.each([one for one in self._replicas(service) if not one.up], _start)

    def restart(self, service: str) -> None:
        found = self._replicas(service)
        up = [container for container in found if container.up]
        containers.kill(up)
        containers.each(up or found, _start)

    def pause(self, service: str) -> None:
        found = self._replicas(service)
        if not any(container.up for container in found):
            raise self.failed(service, found[0].exit_code)
        running = [one for one in found if one.state == "running"]
        containers.each(running, lambda one: _unless_conflict(client().pause, one, "pausing"))

    def resume(self, service: str) -> None:
        paused = [one for one in self._replicas(service) if one.state == "paused"]
        containers.each(paused, lambda one: _unless_conflict(client().unpause, one, "resuming"))

    def scale(self, service: str, replicas: int) -> None:
        found = self._replicas(service)
        if not 0 <= replicas <= MOST_REPLICAS:
            raise SystemRefused(f"service {service} cannot run {replicas} times: 0 to {MOST_REPLICAS} can be run here")
        containers.remove([one.id for one in found if one.replica >= max(1, replicas)])
        if replicas == 0:
            containers.kill(found[:1])
            return
        grow(found[0], sorted(set(range(1, replicas)) - {one.replica for one in found}), state.reserved_ports())
        self.start(service)

    def wait_ready(self, service: str | None = None, timeout_s: float = 30.0) -> None:
        names = self.services() if service is None else (self.part(service).name,)
        self.wait_for(names, timeout_s)

    def wait_for(self, services: Sequence[str], timeout_s: float, off: Callable[[], bool] = lambda: False) -> None:
        """Wait until these services are ready, or `off` is true (raises GivenUp)."""
        for name in services:
            if self.part(name).ready is None:
                self._raise_if_dead(name)
        urls = {name: url for name in services if (url := self.ready_url(name)) is not None}
        try:
            readiness.wait(urls, self._raise_if_dead, time.monotonic() + timeout_s, off)
        except readiness.NotReady as late:
            raise self.failed(late.service, None, timeout_s) from None

    def ready_url(self, service: str) -> str | None:
        """A service's readiness URL, as asked from this machine."""
        ready = self.part(service).ready
        if ready is None:
            return None
        parts = urlsplit(ready)
        address = self.address(parts.hostname or "", parts.port or 0)
        return parts._replace(netloc=f"{address.host}:{address.port}").geturl()

    def logs(self, service: str, max_bytes: int = 65536) -> str:
        found = self._replicas(service)
        with talking(f"reading the log of service {service}"):
            written = b"".join(client().logs(one.id, tail=max(1, max_bytes)) for one in found)
        return written[-max_bytes:].decode("utf-8", "replace") if max_bytes > 0 else ""

    def stats(self) -> dict[str, Stats]:
        return usage.of(self._there(containers.of(self.name)))

    def stop(self) -> None:
        now = state.read(self.name)
        if now is not None and now.id != self._record.id:
            return
        sweep.clear(self.name)
        if self._reaper is not None:
            self._reaper.terminate()
            self._reaper.wait()
            self._reaper = None

    def failed(self, service: str, exit_code: int | None, waited_s: float | None = None) -> ServiceFailed:
        """The error for a service that is not as it should be, with the end of its log."""
        return ServiceFailed(service, exit_code, self.logs(service, TAIL_BYTES), waited_s)

    def _replicas(self, service: str) -> list[Container]:
        """All containers of a service, running or not; at least the first."""
        return self._there(containers.of(self.name, self.part(service).name))

    def _there(self, found: list[Container]) -> list[Container]:
        if not found:
            raise PlatformBroken(f"the containers of deployment {self.name} are gone: it was stopped, maybe elsewhere")
        return found

    def _raise_if_dead(self, service: str) -> None:
        status = self.status(service)
        if status.state is State.EXITED:
            raise self.failed(service, status.exit_code)


def _start(container: Container) -> None:
    from docker.errors import APIError

    with talking(f"starting service {container.service}"):
        try:
            client().start(container.id)
        except APIError as error:
            said = error.explanation or str(error)
            if failure.mount_gone(said):
                raise ServiceFailed(container.service, NO_SUCH_FILE, said) from error
            raise


def _unless_conflict(act: Callable[[str], None], container: Container, doing: str) -> None:
    """A conflict says that it is so already, or that the container has ended meanwhile."""
    from docker.errors import APIError

    with talking(f"{doing} service {container.service}"):
        try:
            act(container.id)
        except APIError as error:
            if error.status_code not in (UNCHANGED, CONFLICT) and "not paused" not in str(error):
                raise
