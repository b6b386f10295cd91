"""Which services share a pod: those that share a volume. Pure.

Without a storage class, and with no folder of the node allowed, only one pod's containers can see one volume.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.common.mounts import source
from infra.k8s.names import FIRST_CONTROL, LAST_CONTROL
from infra.system import Service, System


@dataclass(frozen=True)
class Pod:
    """Services that run in one pod; it is called after the first."""

    services: tuple[Service, ...]

    @property
    def name(self) -> str:
        """Of the StatefulSet; the pod itself is `<name>-0`."""
        return f"p-{self.services[0].name}"

    @property
    def instance(self) -> str:
        """Name of the pod."""
        return f"{self.name}-0"

    @property
    def open(self) -> bool:
        """Whether a candidate's code runs in it."""
        return any(service.open for service in self.services)

    @property
    def volumes(self) -> tuple[str, ...]:
        """Names of the lab's volumes in it."""
        return tuple(dict.fromkeys(volume.name for service in self.services for volume in service.volumes))

    @property
    def networks(self) -> tuple[str, ...]:
        """Networks that any of its services is on."""
        return tuple(dict.fromkeys(name for service in self.services for name in networks_of(service)))

    def control(self, service: str) -> int:
        """The port of a service's supervisor."""
        return FIRST_CONTROL + [one.name for one in self.services].index(service)


def networks_of(service: Service) -> tuple[str, ...]:
    """The networks of a service; one that names none is on the default one."""
    return service.networks or ("default",)


def pods(system: System) -> tuple[Pod, ...]:
    """The pods of a system, in start order of their first services."""
    groups: list[list[Service]] = []
    for service in system.services.values():
        mine = {volume.name for volume in service.volumes}
        near = [g for g in groups if any(v.name in mine for other in g for v in other.volumes)]
        groups = [g for g in groups if g not in near]
        groups.append([*(other for g in near for other in g), service])
    order = list(system.services)
    sorted_groups = [sorted(group, key=lambda one: order.index(one.name)) for group in groups]
    return tuple(Pod(tuple(group)) for group in sorted(sorted_groups, key=lambda g: order.index(g[0].name)))


def mounted(system: System, pod: Pod, open_root: Path | None) -> Iterator[tuple[str, Path]]:
    """All that is mounted in a pod: the name in its archive, and the file or folder; open ones are of `open_root`."""
    for service in pod.services:
        for number, mount in enumerate(service.mounts):
            yield f"{service.name}/{number}", source(system, mount, open_root)


def problems(system: System) -> Iterator[str]:
    """Why a system cannot run in pods, as half sentences."""
    for pod in pods(system):
        names = " and ".join(service.name for service in pod.services)
        if gained := _gained(system, pod):
            yield (
                f"services {names} share a volume, hence a pod and its networks, and not all are sealed: "
                f"a candidate's code would reach {' and '.join(gained)}"
            )
        ports = [port for service in pod.services for port in ports_of(service)]
        if len(ports) != len(set(ports)):
            yield f"services {names} share a volume, hence a pod and its address, and use the same port"
    for service in system.services.values():
        if any(FIRST_CONTROL <= port <= LAST_CONTROL for port in ports_of(service)):
            yield f"service {service.name} uses a port from {FIRST_CONTROL} to {LAST_CONTROL}, which are ours"


def _gained(system: System, pod: Pod) -> tuple[str, ...]:
    """Services that a candidate's code in a pod reaches only because sealed services are in it as well."""
    on: dict[str, set[str]] = {}
    for service in system.services.values():
        for network in networks_of(service):
            on.setdefault(network, set()).add(service.name)
    given = {near for service in pod.services if service.open for name in networks_of(service) for near in on[name]}
    got = {near for service in pod.services for name in networks_of(service) for near in on[name]}
    return tuple(sorted(got - given)) if pod.open else ()


def ports_of(service: Service) -> tuple[int, ...]:
    """Its published and exposed ports."""
    return tuple(dict.fromkeys((*service.published, *service.exposed)))
