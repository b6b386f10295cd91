"""Waiting for pods to run, and telling why they do not."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from infra.errors import GivenUp, PlatformBroken, RuntimeUnavailable
from infra.k8s import cluster
from infra.k8s.names import STILL_OPEN

POLL_S = 0.5
STUCK_S = 6.0
NO_IMAGE = frozenset({"ErrImageNeverPull", "ErrImagePull", "ImagePullBackOff", "InvalidImageName"})


def await_pods(
    context: str, namespace: str, wanted: Sequence[str], timeout_s: float, off: Callable[[], bool] = lambda: False
) -> dict[str, str]:
    """Wait until these pods run, every container of them; their addresses.

    Raises:
        RuntimeUnavailable: an image is not in the cluster, or it enforces no network policies.
        PlatformBroken: they cannot be placed or made, or were not there after `timeout_s` seconds; says why.
        GivenUp: `off` became true.
    """
    since = time.monotonic()
    while True:
        with cluster.talking(f"looking at the pods of {namespace}"):
            path = f"/api/v1/namespaces/{namespace}/pods"
            found = cluster.call(context, "GET", path, query=cluster.CACHED)["items"]
        pods = {pod["metadata"]["name"]: pod for pod in found}
        for pod in pods.values():
            raise_if_hopeless(pod)
        if all(name in pods and runs(pods[name]) for name in wanted):
            return {name: pods[name]["status"]["podIP"] for name in wanted}
        waited = time.monotonic() - since
        if waited > STUCK_S:
            _raise_if_stuck(context, namespace, pods, wanted)
        if waited > timeout_s:
            missing = ", ".join(name for name in wanted if name not in pods or not runs(pods[name]))
            look = f"see `kubectl -n {namespace} get events`"
            raise PlatformBroken(f"pods {missing} did not run within {timeout_s:g} s: {look}")
        if off():
            raise GivenUp("waiting for pods was called off")
        time.sleep(POLL_S)


def runs(pod: Mapping[str, Any]) -> bool:
    """Whether all containers of a pod run."""
    containers = pod["status"].get("containerStatuses", [])
    return bool(containers) and all("running" in one["state"] for one in containers)


def raise_if_hopeless(pod: Mapping[str, Any]) -> None:
    """Raise RuntimeUnavailable for what waiting does not mend."""
    status = pod["status"]
    for one in (*status.get("initContainerStatuses", ()), *status.get("containerStatuses", ())):
        waiting = one["state"].get("waiting", {})
        if waiting.get("reason") in NO_IMAGE:
            raise RuntimeUnavailable(f"the cluster has no image {one['image']}: run `make cluster-images`")
        for ended in (one["state"].get("terminated"), one.get("lastState", {}).get("terminated")):
            if one["name"] == "prepare" and ended and ended["exitCode"] == STILL_OPEN:
                raise RuntimeUnavailable(
                    "this cluster does not enforce NetworkPolicies (a closed pod could reach the API server): "
                    "use a network plugin that does, such as Calico, Cilium or a recent kind's own"
                )


def _raise_if_stuck(context: str, namespace: str, pods: Mapping[str, Any], wanted: Sequence[str]) -> None:
    for name, pod in pods.items():
        for condition in pod["status"].get("conditions", ()):
            if condition["type"] == "PodScheduled" and condition.get("reason") == "Unschedulable":
                raise PlatformBroken(f"pod {name} does not fit on any node: {condition['message']}")
    if all(name in pods for name in wanted):
        return
    with cluster.talking(f"looking at the events of {namespace}"):
        events = cluster.call(context, "GET", f"/api/v1/namespaces/{namespace}/events")["items"]
    for event in events:
        if event.get("reason") == "FailedCreate":
            raise PlatformBroken(f"a pod of {namespace} could not be made: {event['message'][:300]}")
