"""Runtimes that are broken, each in one way, over the sound runtime `process`: the conformance suite must catch all."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.errors import ServiceFailed, SystemRefused, UnknownService
from infra.process import folders
from infra.process.runtime import ProcessRuntime
from infra.runtime import Address, Deployment, Request, State, Stats, Status
from infra.system import System


class BrokenDeployment:
    """Passes everything on to a sound deployment. A fake overrides one method of it."""

    def __init__(self, sound: Any) -> None:
        self._sound = sound

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sound, name)


class BrokenRuntime(ProcessRuntime):
    """Hands out deployments of a broken kind."""

    deployment: Callable[[Any], Any] = BrokenDeployment

    def deploy(self, system: System, request: Request) -> Any:
        return type(self).deployment(super().deploy(system, request))

    def attach(self, name: str) -> Any:
        return type(self).deployment(super().attach(name))


def _handing_out(kind: type[BrokenDeployment]) -> Callable[[], BrokenRuntime]:
    return type(kind.__name__, (BrokenRuntime,), {"deployment": kind})


class KillDoesNothing(BrokenDeployment):
    def kill(self, service: str) -> None:
        self._sound.status(service)


class KillSparesDaemons(BrokenDeployment):
    """Something that the service started goes on writing for a second."""

    def kill(self, service: str) -> None:
        volume = self._sound._folder / "scratch" / "volumes" / "shared"
        self._sound.kill(service)
        threading.Thread(target=self._beat, args=(volume / "daemon",)).start()

    @staticmethod
    def _beat(path: Path) -> None:
        with contextlib.suppress(FileNotFoundError):
            for number in range(100):
                path.with_suffix(".spared").write_text(f"spared {number}")
                path.with_suffix(".spared").replace(path)
                time.sleep(0.01)


class KillWipesVolumes(BrokenDeployment):
    """Kills, but loses what the volumes held."""

    def kill(self, service: str) -> None:
        self._sound.kill(service)
        for volume in (self._sound._folder / "scratch" / "volumes").iterdir():
            shutil.rmtree(volume)
            volume.mkdir()


class RestartKeepsOldCode(BrokenDeployment):
    def restart(self, service: str) -> None:
        self._sound.resume(service)
        self._sound.start(service)


class PauseDoesNothing(BrokenDeployment):
    def pause(self, service: str) -> None:
        self._sound.status(service)


class ResumeDoesNothing(BrokenDeployment):
    def resume(self, service: str) -> None:
        self._sound.status(service)


class LogsAreLost(BrokenDeployment):
    """What was written before a restart is forgotten."""

    def restart(self, service: str) -> None:
        self._sound.restart(service)
        for half in (self._sound._folder / "logs" / service).iterdir():
            os.truncate(half, 0)


class LogsChoke(BrokenDeployment):
    def logs(self, service: str, max_bytes: int = 65536) -> str:
        return self._sound.logs(service, max_bytes).replace("\ufffd", "")


class LogsAreUncut(BrokenDeployment):
    def logs(self, service: str, max_bytes: int = 65536) -> str:
        return self._sound.logs(service)


class StopLeavesAll(BrokenDeployment):
    def stop(self) -> None:
        pass


class AddressMoves(BrokenDeployment):
    _moved = 0

    def restart(self, service: str) -> None:
        self._sound.restart(service)
        self._moved += 1

    def address(self, service: str, port: int, replica: int = 0) -> Address:
        sound = self._sound.address(service, port, replica)
        return Address(sound.host, sound.port + self._moved)


class ExitCodeIsLost(BrokenDeployment):
    def status(self, service: str) -> Status:
        status = self._sound.status(service)
        return dataclasses.replace(status, exit_code=None if status.state is State.RUNNING else 0)


class EachForkCountsInFull(BrokenDeployment):
    def stats(self) -> dict[str, Stats]:
        return {
            name: dataclasses.replace(one, memory_bytes=one.memory_bytes * one.processes)
            for name, one in self._sound.stats().items()
        }


class StatsAreMadeUp(BrokenDeployment):
    def stats(self) -> dict[str, Stats]:
        return {name: Stats(1 << 26, 1.0, 1) for name in self._sound.stats()}


class ScaleDoesNothing(BrokenDeployment):
    def scale(self, service: str, replicas: int) -> None:
        self._sound.status(service)
        if replicas > 1:
            raise SystemRefused(service)


class UnknownIsIgnored(BrokenDeployment):
    def start(self, service: str) -> None:
        if service in self._sound.services():
            self._sound.start(service)


class ReadyIsAssumed(BrokenDeployment):
    def wait_ready(self, service: str | None = None, timeout_s: float = 30.0) -> None:
        self._sound.status(service or "front")


class SecretsLeak(BrokenRuntime):
    def deploy(self, system: System, request: Request) -> Deployment:
        told = {
            name: dataclasses.replace(service, environment=service.environment | dict(request.secrets))
            for name, service in system.services.items()
        }
        return super().deploy(dataclasses.replace(system, services=told), request)


class SubmissionIsIgnored(BrokenRuntime):
    def deploy(self, system: System, request: Request) -> Deployment:
        return super().deploy(system, dataclasses.replace(request, open_root=None))


class FailureLeavesAll(BrokenRuntime):
    def deploy(self, system: System, request: Request) -> Deployment:
        try:
            return super().deploy(system, request)
        except ServiceFailed:
            super().deploy(system, dataclasses.replace(request, open_root=None))
            raise


class FailureIsSilent(BrokenRuntime):
    def deploy(self, system: System, request: Request) -> Deployment:
        try:
            return super().deploy(system, request)
        except ServiceFailed as error:
            raise ServiceFailed(error.service, error.exit_code, "") from None


class CallingOffIsIgnored(BrokenRuntime):
    def deploy(self, system: System, request: Request) -> Deployment:
        return super().deploy(system, dataclasses.replace(request, off=lambda: False))


class OutlivesOwner(BrokenRuntime):
    def deploy(self, system: System, request: Request) -> Deployment:
        return super().deploy(system, dataclasses.replace(request, owner_pid=os.getpid()))


class NeverAttaches(BrokenRuntime):
    def attach(self, name: str) -> Deployment:
        raise UnknownService(f"there is no deployment {name!r}")


class AccusesTheLiving(BrokenRuntime):
    def leftovers(self) -> list[str]:
        return [plan.name for plan in folders.plans()]


FAKES: dict[str, Callable[[], BrokenRuntime]] = {
    kind.__name__: kind if issubclass(kind, BrokenRuntime) else _handing_out(kind)
    for kind in (*BrokenDeployment.__subclasses__(), *BrokenRuntime.__subclasses__())
    if kind.__module__ == __name__
}
