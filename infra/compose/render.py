"""From a system to the Compose file that runs it. Pure: it reads no disk and asks no daemon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.common.manifest import QUIET_PYTHON, escape
from infra.common.mounts import source
from infra.compose.volumes import MOST_FILES, OPEN_BYTES, SEALED_BYTES
from infra.images.tags import USER
from infra.system import Service, System

DEPLOYMENT = "brownout.deployment"
OWNER = "brownout.owner"
STATE = "brownout.state"
DEFAULT_NETWORK = "default"
SCRATCH = f"mode=1777,size={64 << 20},nr_inodes={MOST_FILES}"
HARDENING: dict[str, Any] = {
    "user": f"{USER}:{USER}",
    "init": True,
    "read_only": True,
    "tmpfs": [f"/tmp:{SCRATCH}", f"/dev/shm:{SCRATCH}"],
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges:true"],
    "pids_limit": 512,
    "ulimits": {"nofile": 8192, "core": 0},
    "restart": "no",
    "stop_grace_period": "0s",
    "pull_policy": "never",
    "logging": {"driver": "json-file", "options": {"max-size": "1m", "max-file": "3"}},
}


@dataclass(frozen=True)
class Plan:
    """What a rendering needs beside the system.

    Attributes:
        name: project name; containers, networks and volumes carry it.
        labels: put on everything that is made.
        images: full tag of each image, by its name in the system (`brownout/core`).
        ports: port of this machine for each (service, port inside).
        open_root: folder that stands in for the lab's open files, or None.
        secrets: environment for sealed services.
        host_cpus: cores of the machine; no service may ask for more.
    """

    name: str
    labels: Mapping[str, str]
    images: Mapping[str, str]
    ports: Mapping[tuple[str, int], int]
    open_root: Path | None
    secrets: Mapping[str, str]
    host_cpus: float


def render(system: System, plan: Plan) -> dict[str, Any]:
    """The Compose file, as data; `$` is doubled, so that Compose substitutes nothing."""
    services = {name: _service(system, service, plan) for name, service in system.services.items()}
    document = {
        "name": plan.name,
        "services": services,
        "networks": {name: _network(system, name, plan) for name in networks(system)},
        "volumes": {name: {"external": True, "name": volume_name(plan.name, name)} for name in volumes(system)},
    }
    escaped = escape(document)
    assert isinstance(escaped, dict)
    return escaped


def on_networks(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same file for networks that are there already."""
    there = {name: {"external": True, "name": network_name(document["name"], name)} for name in document["networks"]}
    return {**document, "networks": there}


def networks(system: System) -> tuple[str, ...]:
    """Networks that some service is on, as declared, and the default one only if a service names none."""
    used = {name for service in system.services.values() for name in service.networks}
    default = () if all(service.networks for service in system.services.values()) else (DEFAULT_NETWORK,)
    return tuple(name for name in system.networks if name in used) + default


def volumes(system: System) -> dict[str, int]:
    """All volumes, in order of first use, and how many bytes each may hold."""
    mounted = [(volume.name, service.open) for service in system.services.values() for volume in service.volumes]
    opened = {name for name, is_open in mounted if is_open}
    return {name: OPEN_BYTES if name in opened else SEALED_BYTES for name, _ in mounted}


def network_name(deployment: str, network: str) -> str:
    """A network's name on this machine."""
    return f"{deployment}_{network}"


def volume_name(deployment: str, volume: str) -> str:
    """A volume's name on this machine."""
    return f"{deployment}_{volume}"


def _service(system: System, service: Service, plan: Plan) -> dict[str, Any]:
    secrets = {} if service.open else plan.secrets
    memory = _memory(system, service)
    rendered: dict[str, Any] = {
        **HARDENING,
        "image": plan.images[service.image],
        "command": list(service.command),
        "environment": {**QUIET_PYTHON, **service.environment, **secrets},
        "volumes": _mounts(system, service, plan),
        "ports": [f"127.0.0.1:{plan.ports[service.name, port]}:{port}" for port in service.published],
        "expose": [str(port) for port in service.exposed],
        "networks": list(service.networks) or [DEFAULT_NETWORK],
        "depends_on": list(service.depends_on),
        "mem_limit": memory,
        "memswap_limit": memory,
        "cpus": min(service.cpus, plan.host_cpus),
        "labels": dict(plan.labels),
    }
    if service.open:
        rendered["ulimits"] = {**HARDENING["ulimits"], "fsize": OPEN_BYTES}
    if service.working_dir is not None:
        rendered["working_dir"] = service.working_dir
    return rendered


def _memory(system: System, service: Service) -> int:
    """What a service may take: its own, and for a sealed one also what its volumes hold, for they lie in memory."""
    held = volumes(system)
    return service.memory_bytes + (0 if service.open else sum(held[volume.name] for volume in service.volumes))


def _mounts(system: System, service: Service, plan: Plan) -> list[dict[str, Any]]:
    binds = [
        {
            "type": "bind",
            "source": str(source(system, mount, plan.open_root)),
            "target": str(mount.target),
            "read_only": True,
            "bind": {"create_host_path": False},
        }
        for mount in service.mounts
    ]
    kept = [{"type": "volume", "source": volume.name, "target": str(volume.target)} for volume in service.volumes]
    return [*binds, *kept]


def _network(system: System, name: str, plan: Plan) -> dict[str, Any]:
    rendered: dict[str, Any] = {"labels": dict(plan.labels)}
    if name in system.internal:
        rendered["internal"] = True
        # No address of this machine on it either: what listens here on all interfaces stays out of reach.
        rendered["driver_opts"] = {"com.docker.network.bridge.inhibit_ipv4": "true"}
    return rendered
