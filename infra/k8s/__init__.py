"""The runtime `k8s`: a lab's system as pods in a namespace of a Kubernetes cluster.

The cluster is named by `BROWNOUT_KUBE_CONTEXT`; no other is touched. Each service runs under a small supervisor
(`infra.k8s.inside`), so that kill, pause and start act on processes and leave the pod, its address and its volumes.

`RUNTIME` is made on first use, so that the keeper, which lives in this package too, starts light.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.runtime import Runtime


@cache
def _runtime() -> Runtime:
    from infra.k8s.runtime import KubernetesRuntime

    return KubernetesRuntime()


def __getattr__(name: str) -> Runtime:
    if name == "RUNTIME":
        return _runtime()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
