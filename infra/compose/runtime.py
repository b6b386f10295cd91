"""The runtime itself: makes, finds and clears deployments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from infra.compose import check, containers, state, sweep
from infra.compose.daemon import client, talking
from infra.compose.deployment import ComposeDeployment
from infra.compose.failure import PortTaken
from infra.compose.making import NAME, Making
from infra.compose.render import Plan, networks, render
from infra.errors import RuntimeUnavailable, SystemRefused, UnknownService
from infra.home import check_home
from infra.images import tags
from infra.runtime import Here, Request
from infra.system import System

MOST_NETWORKS = 6


class ComposeRuntime:
    """Satisfies `infra.runtime.Runtime`, which documents the methods. Docker's client is imported on first use."""

    name = "compose"
    walled = True

    def check(self) -> None:
        trouble = check.diagnose(*check.ask())
        if trouble is not None:
            raise RuntimeUnavailable(trouble)
        check_home()

    def prepare(self, system: System) -> None:
        self._images(system)

    def programs(self, system: System) -> dict[str, str]:
        return {}

    def refusal(self, system: System) -> str | None:
        if len(networks(system)) > MOST_NETWORKS:
            return f"it is on {len(networks(system))} networks, and a machine has few: at most {MOST_NETWORKS} a system"
        for service in system.services.values():
            if service.published and service.networks and system.internal.issuperset(service.networks):
                return f"service {service.name} publishes a port, but is on no network that can be reached from outside"
        return None

    def describe(self, system: System) -> str:
        """Ports of this machine, which are drawn at each deployment, are 0."""
        if (reason := self.refusal(system)) is not None:
            raise SystemRefused(f"Docker Compose cannot run {system.lab}: {reason}")
        plan = Plan(
            name=f"lab-{system.lab}",
            labels={},
            images={f"brownout/{name}": tags.candidates(name)[0] for name in system.images},
            ports={(s.name, port): 0 for s in system.services.values() for port in s.published},
            open_root=None,
            secrets={},
            host_cpus=float("inf"),
        )
        return yaml.safe_dump(render(system, plan), sort_keys=False, width=120)

    def deploy(self, system: System, request: Request) -> ComposeDeployment:
        """As in the protocol. If somebody took a port between our choosing and its use, others are tried once."""
        reason = self.refusal(system)
        if reason is not None:
            raise SystemRefused(f"Docker Compose cannot run {system.lab}: {reason}")
        images = self._images(system)
        try:
            return Making(system, request, images).run()
        except PortTaken:
            return Making(system, request, images).run()

    def post(self, name: str, reads: Sequence[Path], writes: Path) -> Here:
        return Here()

    def attach(self, name: str) -> ComposeDeployment:
        record = state.read(name) if NAME.fullmatch(name) else None
        if record is None or not containers.ids(name):
            raise UnknownService(f"there is no deployment {name!r} of Docker Compose")
        return ComposeDeployment(record)

    def leftovers(self) -> list[str]:
        return sweep.leftovers()

    def clear(self, name: str) -> None:
        if NAME.fullmatch(name):
            sweep.clear(name)

    def _images(self, system: System) -> dict[str, str]:
        """The tag of each image, by its name in the system."""
        with talking("looking for images"):
            there = {tag for image in client().images() for tag in image["RepoTags"] or ()}
        return {f"brownout/{name}": _image(name, there) for name in sorted(system.images)}


def _image(name: str, there: set[str]) -> str:
    try:
        found = [tag for tag in tags.candidates(name) if tag in there]
    except FileNotFoundError:
        raise RuntimeUnavailable(f"there is no image brownout/{name}: see the folders of infra/images") from None
    if not found:
        raise RuntimeUnavailable(f"the image brownout/{name} is missing or out of date: run `make images`")
    return found[0]
