"""The runtime itself: makes, finds and clears deployments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from infra.errors import RuntimeUnavailable, SystemRefused, UnknownService
from infra.home import check_home
from infra.k8s import check, cluster, state, sweep
from infra.k8s.deployment import KubernetesDeployment, keep
from infra.k8s.describe import describe
from infra.k8s.making import Making
from infra.k8s.names import NAME
from infra.k8s.pods import problems
from infra.k8s.post import POST_IMAGE, KubernetesPost, open_post
from infra.runtime import Request
from infra.system import System


class KubernetesRuntime:
    """Satisfies `infra.runtime.Runtime`, which documents the methods."""

    name = "k8s"
    walled = True

    def check(self) -> None:
        check.check(cluster.context())
        check_home()

    def prepare(self, system: System) -> None:
        check.images(cluster.context(), system.images | {POST_IMAGE})

    def programs(self, system: System) -> dict[str, str]:
        return {}

    def refusal(self, system: System) -> str | None:
        return next(problems(system), None)

    def describe(self, system: System) -> str:
        if reason := self.refusal(system):
            raise SystemRefused(f"Kubernetes cannot run {system.lab}: {reason}")
        return describe(system)

    def deploy(self, system: System, request: Request) -> KubernetesDeployment:
        reason = self.refusal(system)
        if reason is not None:
            raise SystemRefused(f"Kubernetes cannot run {system.lab}: {reason}")
        context = cluster.context()
        return Making(system, request, check.images(context, system.images), context).run()

    def post(self, name: str, reads: Sequence[Path], writes: Path) -> KubernetesPost:
        context = cluster.context()
        (image,) = check.images(context, [POST_IMAGE]).values()
        return open_post(context, image, name, reads, writes)

    def attach(self, name: str) -> KubernetesDeployment:
        record = state.read(name) if NAME.fullmatch(name) else None
        if record is None or not record.parts:
            raise UnknownService(f"there is no deployment {name!r} in a cluster")
        return keep(record)

    def leftovers(self) -> list[str]:
        try:
            context = cluster.context()
        except RuntimeUnavailable:
            return []
        return sweep.leftovers(context)

    def clear(self, name: str) -> None:
        if NAME.fullmatch(name) and (state.folder(name).exists() or name in self.leftovers()):
            sweep.clear(cluster.context(), name)
