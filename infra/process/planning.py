"""From a lab's system and a request to a plan in which everything is a host path or a loopback port."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from infra.images.venvs import environment
from infra.process.plan import MARKER, SCRATCH, ServicePlan, mark
from infra.process.rewrite import Names
from infra.runtime import Request
from infra.system import IMAGE_PREFIX, Mount, Service, System

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")

Ports = Mapping[tuple[str, int], int]


def wanted_ports(system: System) -> list[tuple[str, int]]:
    """Every (service, port) that needs a port on this machine."""
    return [
        (service.name, port)
        for service in system.services.values()
        for port in dict.fromkeys((*service.published, *service.exposed))
    ]


@dataclass(frozen=True)
class Planner:
    """Plans the services of one deployment. `folder` is the state folder that the deployment will have."""

    system: System
    request: Request
    ports: Ports
    folder: Path

    def services(self) -> dict[str, ServicePlan]:
        """A plan for each service, in start order.

        Raises:
            RuntimeUnavailable: an image is missing.
        """
        return {name: self._plan(service) for name, service in self.system.services.items()}

    def folders(self) -> list[Path]:
        """Scratch folders that must be there before the services start."""
        services = self.system.services.values()
        volumes = {volume.name for service in services for volume in service.volumes}
        homes = [self._scratch(kind, service.name) for service in services for kind in ("home", "tmp")]
        return homes + [self._scratch("volumes", name) for name in sorted(volumes)]

    def _plan(self, service: Service) -> ServicePlan:
        names = Names(service.name, self.ports, self._paths(service))
        binaries = environment(service.image.removeprefix(IMAGE_PREFIX)) / "bin"
        words = [names.text(word) for word in service.command]
        home = str(self._scratch("home", service.name))
        return ServicePlan(
            name=service.name,
            argv=(_executable(words[0], binaries), *words[1:]),
            env=self._environment(service, names, binaries),
            cwd=self._cwd(service, names, home),
            published=tuple((port, self.ports[service.name, port]) for port in service.published),
            ports=tuple(outside for (owner, _), outside in self.ports.items() if owner == service.name),
            ready=self._ready(service),
            depends_on=service.depends_on,
        )

    def _environment(self, service: Service, names: Names, binaries: Path) -> dict[str, str]:
        base = {
            "PATH": f"{binaries}:{SYSTEM_PATH}",
            "HOME": str(self._scratch("home", service.name)),
            "TMPDIR": str(self._scratch("tmp", service.name)),
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            **dict.fromkeys(_THREADS, "1"),
        }
        own = {key: names.text(value) for key, value in service.environment.items()}
        secrets = {} if service.open else dict(self.request.secrets)
        return base | own | secrets | {MARKER: mark(self.request.name, service.name)}

    def _cwd(self, service: Service, names: Names, home: str) -> str:
        if service.working_dir is None:
            return home
        mapped = names.text(service.working_dir)
        return home if mapped == service.working_dir else mapped

    def _paths(self, service: Service) -> dict[str, str]:
        paths = {"/tmp": str(self._scratch("tmp", service.name))}  # noqa: S108 - a path of the service, not ours
        paths |= {str(volume.target): str(self._scratch("volumes", volume.name)) for volume in service.volumes}
        return paths | {str(mount.target): str(self._source(mount)) for mount in service.mounts}

    def _source(self, mount: Mount) -> Path:
        root, chosen = self.system.root, self.request.open_root
        if mount.open and chosen is not None and mount.source.is_relative_to(root):
            return chosen.absolute() / mount.source.relative_to(root)
        return mount.source

    def _ready(self, service: Service) -> str | None:
        if service.ready is None:
            return None
        url = urlsplit(service.ready)
        assert url.hostname and url.port
        return re.sub(r"//[^/]+", f"//127.0.0.1:{self.ports[url.hostname, url.port]}", service.ready, count=1)

    def _scratch(self, kind: str, name: str) -> Path:
        return self.folder / SCRATCH / kind / name


def _executable(word: str, binaries: Path) -> str:
    inside = binaries / word
    return str(inside) if os.sep not in word and inside.exists() else word
