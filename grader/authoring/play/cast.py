"""The system that plans are played on: deployed once, and as good as new for each plan.

The casebook stays, which forgets one plan for the next. All else is ended, loses whatever it wrote, and starts again.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path, PurePosixPath

from infra.process.folders import folder_of
from infra.process.plan import SCRATCH
from infra.process.trees import remove_tree
from infra.runtime import Deployment, Request, Runtime
from infra.system import Mount, System

INSIDE, THERE = Path(__file__).parent / "inside", PurePosixPath("/srv/play")
READY_S = 75.0


class Cast:
    """A lab's system with somebody's open files, on local processes.

    Args:
        system: of the lab.
        casebook: the name of the service that plays plans.
        runtime: that of local processes.
        files: the staged submission.
    """

    def __init__(self, system: System, casebook: str, runtime: Runtime, files: Path) -> None:
        self.system = telling(system, casebook)
        self.token = secrets.token_hex(16)
        self.casebook = casebook
        self._runtime, self._files = runtime, files
        self._deployment: Deployment | None = None

    def fresh(self) -> Deployment:
        """The system, for another plan. ServiceFailed, PlatformBroken if it does not start; then `close`."""
        if self._deployment is None:
            name = f"{self.system.lab[:16]}-play-{secrets.token_hex(4)}"
            wanted = Request(name, self._files, secrets={"BROWNOUT_TOKEN": self.token}, ready_timeout_s=READY_S)
            self._deployment = self._runtime.deploy(self.system, wanted)
        else:
            self._renew(self._deployment)
        return self._deployment

    def close(self) -> None:
        """Remove it; the next plan has a new one."""
        if self._deployment is not None:
            self._deployment.stop()
            self._deployment = None

    def _renew(self, deployment: Deployment) -> None:
        others = [service for service in self.system.services.values() if service.name != self.casebook]
        for service in others:
            deployment.kill(service.name)
        scratch = folder_of(deployment.name) / SCRATCH
        volumes = {volume.name for service in others for volume in service.volumes}
        written = [scratch / kind / service.name for service in others for kind in ("home", "tmp")]
        for folder in [*written, *(scratch / "volumes" / name for name in sorted(volumes))]:
            remove_tree(folder)
            folder.mkdir()
        for service in others:
            deployment.start(service.name)
        deployment.wait_ready(timeout_s=READY_S)


def telling(system: System, casebook: str) -> System:
    """The system with a casebook that tells many words at once, by `inside/played.py`."""
    service = system.services[casebook]
    python, flag, *module = service.command
    heard = replace(
        service,
        command=(python, flag, "played", *module),
        environment=service.environment | {"PYTHONPATH": f"{THERE}:{service.environment['PYTHONPATH']}"},
        mounts=(*service.mounts, Mount(INSIDE, THERE, open=False)),
    )
    return replace(system, services=system.services | {casebook: heard})
