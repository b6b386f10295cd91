"""Making a deployment: name and ports are taken, the Compose file is written, containers are created and brought up."""

from __future__ import annotations

import json
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace

from infra.common import mounts, owner, ports
from infra.common.bringup import bring_up
from infra.compose import daemon, networks, reaper, render, state, sweep, volumes
from infra.compose.deployment import MOST_REPLICAS, ComposeDeployment
from infra.errors import PlatformBroken, SystemRefused
from infra.runtime import Request
from infra.system import System

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass
class Making:
    """One try at a deployment. `images`: the tag of each image, by its name in the system."""

    system: System
    request: Request
    images: dict[str, str]

    def run(self) -> ComposeDeployment:
        """Make it, and leave nothing behind if that fails. Raises as `infra.runtime.Runtime.deploy`."""
        mounts.check(self.system, self.request.open_root)
        record = self._claim()
        deployment = ComposeDeployment(record)
        try:
            if record.owner != owner.NOBODY:
                deployment = ComposeDeployment(record, reaper.launch(record.name, record.owner))
            self._create(record)
            bring_up(deployment, self.request.ready_timeout_s, self.request.off)
            state.write(replace(record, started=True))
        except BaseException:
            with suppress(PlatformBroken):
                deployment.stop()
            raise
        finally:
            ports.give_back(record.ports)
        return deployment

    def _claim(self) -> state.Record:
        """Take the name and the ports. A deployment of that name that nobody owns any more is cleared."""
        name = self.request.name
        if not NAME.fullmatch(name):
            raise SystemRefused(f"a deployment cannot be named {name!r}: use 1 to 40 of a-z, 0-9 and -")
        if name in sweep.leftovers():
            sweep.clear(name)
        state.claim(name)
        try:
            record = self._record(self._ports())
            state.write(record)
        except BaseException:
            state.forget(name)
            raise
        return record

    def _ports(self) -> dict[tuple[str, int], int]:
        wanted = [(s.name, port) for s in self.system.services.values() for port in s.published]
        free = ports.free_ports(len(wanted), state.reserved_ports(), self.request.lasting_name)
        return dict(zip(wanted, free, strict=True))

    def _record(self, free: dict[tuple[str, int], int]) -> state.Record:
        pid = self.request.owner_pid
        parts = (
            state.Part(s.name, {port: free[s.name, port] for port in s.published}, s.ready, s.depends_on)
            for s in self.system.services.values()
        )
        return state.Record(
            name=self.request.name,
            id=secrets.token_hex(8),
            owner=owner.NOBODY if pid is None else owner.identity(pid),
            starter=owner.identity(os.getpid()),
            started=False,
            parts=tuple(parts),
        )

    def _create(self, record: state.Record) -> None:
        """Write the Compose file and make everything that it names, started yet nothing."""
        folder = state.folder(record.name)
        labels = {render.DEPLOYMENT: record.name, render.OWNER: record.owner, render.STATE: str(folder)}
        plan = render.Plan(
            name=record.name,
            labels=labels,
            images=self.images,
            ports={(part.name, inside): port for part in record.parts for inside, port in part.published.items()},
            open_root=None if self.request.open_root is None else self.request.open_root.absolute(),
            secrets=self.request.secrets,
            host_cpus=daemon.cpus(),
        )
        file, whole = folder / state.FILE, render.render(self.system, plan)
        file.touch(mode=0o600)
        file.write_text(json.dumps(render.on_networks(whole), indent=1), "utf-8")
        sizes = {render.volume_name(record.name, one): size for one, size in render.volumes(self.system).items()}
        wanted = {render.network_name(record.name, name): said for name, said in whole["networks"].items()}
        networks.make(wanted, len(self.system.services) + MOST_REPLICAS)
        volumes.make(sizes, next(iter(self.images.values())), labels)
        daemon.compose(record.name, file, ["create", "--no-build", "--pull", "never"], f"creating {record.name}")
