"""What a supervisor is told: everything resolved, nothing left to look up. Kept as `plan.json` in the state folder.

Light on imports: the supervisor needs it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.home import home
from infra.process.identity import Identity

PLAN, STATE, LOGS, SCRATCH = "plan.json", "state.json", "logs", "scratch"
MARKER = "BROWNOUT_SERVICE"


def mark(deployment: str, service: str) -> str:
    """What processes of a service carry in their environment, so that they are known wherever they went.

    It begins with the home that they belong to: another checkout on this machine must not take them for its own.
    """
    return f"{_home_key()}:{deployment}/{service}"


def marked_for(value: str) -> tuple[str, str] | None:
    """Deployment and service of a mark; None if it is none, or of another home."""
    key, _, rest = value.partition(":")
    deployment, _, service = rest.partition("/")
    return (deployment, service) if key == _home_key() and deployment else None


def _home_key() -> str:
    return hashlib.sha256(str(home()).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class ServicePlan:
    """One service to run.

    Attributes:
        argv, env, cwd: of the process, with host paths and loopback ports.
        published: pairs of (port in the system, port on this machine).
        ports: every port on this machine that is this service's, published or not.
        ready: URL on this machine that answers once it is ready.
    """

    name: str
    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: str
    published: tuple[tuple[int, int], ...]
    ports: tuple[int, ...]
    ready: str | None
    depends_on: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """One deployment. `id` tells it from others of its name; `maker` deploys it, and it must not outlive `owner`."""

    name: str
    id: str
    maker: Identity
    owner: Identity | None
    services: dict[str, ServicePlan]

    def write(self, path: Path) -> None:
        """Write it where only this user can read it: it carries the secrets."""
        write_private(path, dataclasses.asdict(self))


def read_plan(folder: Path) -> Plan | None:
    """The plan in a state folder, or None if there is none that can be read."""
    raw = read_json(folder / PLAN)
    if raw is None:
        return None
    return Plan(
        name=raw["name"],
        id=raw["id"],
        maker=Identity(**raw["maker"]),
        owner=Identity(**raw["owner"]) if raw["owner"] else None,
        services={name: _service(entry) for name, entry in raw["services"].items()},
    )


def _service(raw: dict[str, Any]) -> ServicePlan:
    lists: dict[str, Any] = {key: tuple(raw[key]) for key in ("argv", "ports", "depends_on")}
    lists["published"] = tuple((inside, outside) for inside, outside in raw["published"])
    return ServicePlan(**(raw | lists))


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a file that we wrote, or None if it is not there or not whole."""
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def write_private(path: Path, data: dict[str, Any]) -> None:
    """Write JSON with mode 600, whole or not at all."""
    draft = path.with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(data), "utf-8")
    draft.replace(path)
