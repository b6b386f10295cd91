"""More instances of a service: each a copy of its first container, with ports of its own on this machine."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from infra.common import ports
from infra.compose.containers import NUMBER, SERVICE, Container
from infra.compose.daemon import client, talking


def grow(template: Container, replicas: Collection[int], taken: Collection[int]) -> None:
    """Create, but do not start, the instances of these numbers.

    Raises:
        PlatformBroken: the daemon failed, or no port is free.
    """
    with talking(f"scaling service {template.service}"):
        for replica in replicas:
            _create(template.details, replica, taken)


def host_ports(container: Container) -> dict[int, int]:
    """Ports of this machine that a container has, by port inside, whether it runs or not."""
    bindings = container.details["HostConfig"]["PortBindings"] or {}
    return {int(inside.split("/")[0]): int(hosts[0]["HostPort"]) for inside, hosts in bindings.items() if hosts}


def _create(details: dict[str, Any], replica: int, taken: Collection[int]) -> None:
    api = client()
    config = _config(details, replica, taken)
    first, *others = config.pop("_networks").items()
    config["NetworkingConfig"] = {"EndpointsConfig": dict([first])}
    project, number = config["Labels"]["com.docker.compose.project"], config["Labels"][NUMBER]
    create: Callable[..., dict[str, str]] = api.create_container_from_config
    made = create(config, f"{project}-{config['Labels'][SERVICE]}-{number}")["Id"]
    for network, endpoint in others:
        api.connect_container_to_network(made, network, aliases=endpoint["Aliases"])


def _config(details: dict[str, Any], replica: int, taken: Collection[int]) -> dict[str, Any]:
    config = {key: value for key, value in details["Config"].items() if key != "Hostname"}
    host = dict(details["HostConfig"])
    bindings = host.get("PortBindings") or {}
    free = ports.free_ports(len(bindings), taken)
    host["PortBindings"] = {
        inside: [{"HostIp": "127.0.0.1", "HostPort": str(port)}] for inside, port in zip(bindings, free, strict=True)
    }
    service = config["Labels"][SERVICE]
    return {
        **config,
        "Labels": {**config["Labels"], NUMBER: str(replica + 1)},
        "HostConfig": {**host, "NetworkMode": next(iter(details["NetworkSettings"]["Networks"]))},
        "_networks": {name: {"Aliases": [service]} for name in details["NetworkSettings"]["Networks"]},
    }
