"""Making a deployment: name and ports are taken, objects are created, pods awaited, services brought up in order."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from infra.common import mounts, owner, ports
from infra.common.bringup import bring_up
from infra.errors import PlatformBroken, SystemRefused
from infra.k8s import cluster, inside, keeper, render, state, sweep
from infra.k8s.content import content
from infra.k8s.deployment import KubernetesDeployment
from infra.k8s.names import COURIER, DEPLOYMENT, HOME, NAME, OWNER, ROLE, SYSTEM, extra_labels, home_id
from infra.k8s.pods import Pod, mounted, networks_of, pods, ports_of
from infra.k8s.state import Part, Port, Record
from infra.k8s.waiting import await_pods
from infra.runtime import Request
from infra.system import Service, System

PODS_S = 90.0
ROUTE_S = 5.0


@dataclass
class Making:
    """One try at a deployment. `images`: the tag of each image, by its name in the system."""

    system: System
    request: Request
    images: dict[str, str]
    context: str

    def run(self) -> KubernetesDeployment:
        """Make it, and leave nothing behind if that fails. Raises as `infra.runtime.Runtime.deploy`."""
        mounts.check(self.system, self.request.open_root)
        record = self._claim()
        try:
            keeper.ensure(record)
            record = self._create(record)
            record = self._bring_up(record)
        except BaseException:
            with suppress(PlatformBroken):
                sweep.remove(record)
            raise
        finally:
            ports.give_back({port.outside for port in record.forwards})
        return KubernetesDeployment(record)

    @cached_property
    def _pods(self) -> tuple[Pod, ...]:
        return pods(self.system)

    def _claim(self) -> Record:
        """Take the name and the ports. A deployment of that name that nobody owns any more is cleared."""
        name = self.request.name
        if not NAME.fullmatch(name):
            raise SystemRefused(f"a deployment cannot be named {name!r}: use 1 to 40 of a-z, 0-9 and -")
        if state.folder(name).exists() and name in sweep.leftovers(self.context):
            sweep.clear(self.context, name)
        state.claim(name)
        try:
            record = self._record()
            state.write(record)
        except BaseException:
            state.forget(name)
            raise
        return record

    def _record(self) -> Record:
        pid, key = self.request.owner_pid, secrets.token_hex(4)
        count = sum(len(service.published) + 2 for service in self.system.services.values())
        free = iter(ports.free_ports(count, state.reserved_ports(), self.request.lasting_name))
        return Record(
            name=self.request.name,
            id=key,
            context=self.context,
            namespace=f"lab-{self.request.name}-{key}",
            owner=owner.NOBODY if pid is None else owner.identity(pid),
            starter=owner.identity(os.getpid()),
            open_root=str(self.request.open_root.absolute()) if self.request.open_root else "",
            courier_token=secrets.token_hex(16),
            parts=tuple(self._part(service, free) for service in self.system.services.values()),
        )

    def _part(self, service: Service, free: Iterator[int]) -> Part:
        pod, root = next(pod for pod in self._pods if service in pod.services), self.request.open_root
        return Part(
            name=service.name,
            published=tuple(Port(pod.instance, port, next(free)) for port in service.published),
            ready=service.ready,
            depends_on=service.depends_on,
            networks=networks_of(service),
            ports=ports_of(service),
            control=Port(pod.instance, pod.control(service.name), next(free)),
            token=secrets.token_hex(16),
            courier=Port(pod.instance, COURIER, next(free)) if pod.open else None,
            mounts=tuple((name, str(path.absolute())) for name, path in mounted(self.system, Pod((service,)), root)),
        )

    def plan(self, record: Record) -> render.Plan:
        """What the manifests are made from."""
        return render.Plan(
            namespace=record.namespace,
            labels={**extra_labels(), DEPLOYMENT: record.name, HOME: home_id(), ROLE: SYSTEM},
            annotations={OWNER: record.owner},
            images=self.images,
            secrets=self.request.secrets,
            tokens={**{part.name: part.token for part in record.parts}, "courier": record.courier_token},
            scripts=inside.scripts(),
            content=content(self.system, self.request.open_root),
            probed=self.request.owner_pid is None,
        )

    def _create(self, record: Record) -> Record:
        """Make all objects, and wait until every container runs its supervisor."""
        plan = self.plan(record)
        first, *others = render.foundation(self.system, plan)
        with cluster.talking(f"creating {record.name}"):
            cluster.create(self.context, first)
            made = cluster.create_all(self.context, others)
            addresses = render.addresses(self.system, made)
            cluster.create_all(self.context, render.workloads(self.system, plan, addresses))
        there = await_pods(
            self.context, record.namespace, [pod.instance for pod in self._pods], PODS_S, self.request.off
        )
        known = {name: {"address": address} for name, address in addresses.items()}
        record = replace(record, pods=there).with_parts(known)
        state.write(record)
        return record

    def _bring_up(self, record: Record) -> Record:
        deployment = KubernetesDeployment(record)
        with ThreadPoolExecutor(max_workers=len(record.parts)) as pool:
            births = dict(zip(deployment.services(), pool.map(deployment.birth, deployment.services()), strict=True))
        bring_up(_Rising(deployment), self.request.ready_timeout_s, self.request.off)
        record = replace(record.with_parts({name: {"birth": b} for name, b in births.items()}), started=True)
        state.write(record)
        return record


class _Rising:
    """A deployment whose services start once they are routed to what they depend on."""

    def __init__(self, deployment: KubernetesDeployment) -> None:
        self._deployment = deployment
        self.services, self.part, self.wait_for = deployment.services, deployment.part, deployment.wait_for

    def start(self, service: str) -> None:
        mine = self.part(service)
        for other in mine.depends_on:
            if set(mine.networks) & set(self.part(other).networks) and self.part(other).address:
                self._await_route(service, other)
        self._deployment.start_as_made(service)

    def _await_route(self, service: str, other: str) -> None:
        """A new Service refuses for up to a second; one that never answers is for its readiness to tell."""
        give_up = time.monotonic() + ROUTE_S
        while not self._deployment.reaches(service, other) and time.monotonic() < give_up:
            time.sleep(0.1)
