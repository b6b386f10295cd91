"""The containers of a deployment: found by label, ended and started side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from infra.compose.daemon import client, talking
from infra.compose.failure import dying, exit_code
from infra.compose.render import DEPLOYMENT

NUMBER = "com.docker.compose.container-number"
SERVICE = "com.docker.compose.service"
GONE, CONFLICT = 404, 409
DYING_S, AGAIN_S = 120.0, 0.5
"""How long a container that was killed may take to end. Docker waits ten seconds for one: on a busy machine hundreds of
processes, which share the container's cores while they die, take longer."""

Item = TypeVar("Item")


@dataclass(frozen=True)
class Container:
    """One replica of a service, `replica` from 0; `state` is Docker's word (running, paused, exited, created, dead).
    `details` is all that Docker says of it."""

    id: str
    service: str
    replica: int
    state: str
    exit_code: int
    details: dict[str, Any] = field(repr=False, compare=False)

    @property
    def up(self) -> bool:
        """Whether its processes exist, frozen or not."""
        return self.state in ("running", "paused")


def ids(deployment: str, service: str | None = None) -> list[str]:
    """Ids of all containers of a deployment, or of one service of it.

    Raises:
        PlatformBroken: the daemon failed.
    """
    labels = [f"{DEPLOYMENT}={deployment}", *([f"{SERVICE}={service}"] if service else [])]
    with talking(f"listing the containers of {deployment}"):
        return [raw["Id"] for raw in client().containers(all=True, filters={"label": labels})]


def of(deployment: str, service: str | None = None) -> list[Container]:
    """All containers of a deployment, or of one service of it, by replica.

    Each is inspected: what Docker's list says of their state is late.

    Raises:
        PlatformBroken: the daemon failed.
    """
    found = [one for one in map(_inspect, ids(deployment, service)) if one is not None]
    return sorted(found, key=lambda container: (container.service, container.replica))


def kill(containers: Iterable[Container]) -> None:
    """SIGKILL to those that are up, at once; returns when they have ended."""
    each([container for container in containers if container.up], _kill)


def remove(containers: Sequence[str]) -> None:
    """Kill and remove the containers of these ids, at once. No error for one that is gone."""
    each(containers, _remove)


def each(items: Sequence[Item], act: Callable[[Item], None]) -> None:
    """Do something to several things at once; the first error is raised after all have been tried."""
    if len(items) == 1:
        act(items[0])
    elif items:
        with ThreadPoolExecutor(max_workers=len(items)) as pool:
            for future in [pool.submit(act, item) for item in items]:
                future.result()


def _kill(container: Container) -> None:
    from docker.errors import APIError

    with talking(f"killing service {container.service}"):
        try:
            _until_ended(lambda: client().kill(container.id, "SIGKILL"))
        except APIError as error:
            if error.status_code != CONFLICT:  # a conflict says that it does not run
                raise


def _remove(container: str) -> None:
    from docker.errors import APIError

    with talking(f"removing container {container[:12]}"):
        try:
            _until_ended(lambda: client().remove_container(container, v=True, force=True))
        except APIError as error:
            if error.status_code not in (GONE, CONFLICT):  # a conflict: somebody else is removing it
                raise


def _until_ended(ask: Callable[[], object]) -> None:
    """Ask Docker to end a container, again while it says that the container was killed and is not gone yet."""
    from docker.errors import APIError

    give_up = time.monotonic() + DYING_S
    while True:
        try:
            ask()
            return
        except APIError as error:
            if not dying(error.explanation or "") or time.monotonic() > give_up:
                raise
        time.sleep(AGAIN_S)


def _inspect(container: str) -> Container | None:
    from docker.errors import NotFound

    with talking(f"looking at container {container[:12]}"):
        try:
            details: dict[str, Any] = client().inspect_container(container)
        except NotFound:
            return None
    labels, state = details["Config"]["Labels"], details["State"]
    return Container(
        id=container,
        service=labels.get(SERVICE, ""),
        replica=int(labels.get(NUMBER, "1")) - 1,
        state=state["Status"],
        exit_code=exit_code(state["ExitCode"]),
        details=details,
    )
