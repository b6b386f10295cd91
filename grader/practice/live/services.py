"""The services of a system: what each does, what memory it has, and how often it started again."""

from __future__ import annotations

from dataclasses import dataclass, field

from infra.runtime import Deployment, State

_LESS_S = 0.05
"""A service whose CPU time is so much less than at the last look has started again."""


@dataclass(frozen=True)
class Seen:
    """One service at the last look; memory in bytes, None where it does not run."""

    name: str
    open: bool
    state: str
    exit_code: int | None
    memory: int | None
    restarts: int


@dataclass
class Services:
    """Watches the services of one deployment. Those in `open` run the candidate's code."""

    open: tuple[str, ...]
    _cpu: dict[str, float] = field(default_factory=dict)
    _up: dict[str, bool] = field(default_factory=dict)
    _restarts: dict[str, int] = field(default_factory=dict)

    def look(self, deployment: Deployment) -> tuple[list[Seen], list[str]]:
        """How they are now, and those that started again since the last look.

        Raises:
            infra.errors.PlatformBroken: the system is gone.
        """
        stats = deployment.stats()
        found, anew = [], []
        for name in deployment.services():
            status, used = deployment.status(name), stats.get(name)
            up = status.state is not State.EXITED
            fewer = used is not None and self._cpu.get(name, 0.0) - used.cpu_seconds > _LESS_S
            if fewer or (up and not self._up.get(name, True)):
                anew.append(name)
                self._restarts[name] = self._restarts.get(name, 0) + 1
            if used:
                self._cpu[name] = used.cpu_seconds
            self._up[name] = up
            memory = used.memory_bytes if used else None
            restarts = self._restarts.get(name, 0)
            found.append(Seen(name, name in self.open, status.state.value, status.exit_code, memory, restarts))
        return found, anew
