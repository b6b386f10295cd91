"""Making objects that may be there already, and finding what belongs to a workshop. Wrap all of it in
`cluster.talking`."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from grader.classroom.cluster.names import WORKSHOP
from infra.errors import PlatformBroken
from infra.k8s import cluster

Manifest = dict[str, Any]
ANEW_S, COUNTED_S = 3.0, 90.0
"""How long a quota may take to be counted before it is made anew, and before it is given up."""


def apply(context: str, manifest: Manifest) -> Manifest:
    """Bring an object up to date, what others wrote in other fields stays; or make it.

    In this order, since a full quota refuses to make even what is there already. A new quota is there once the cluster
    counts what it limits.

    Raises:
        PlatformBroken: the cluster does not count it.
    """
    made = _patch_or_create(context, manifest)
    if manifest["kind"] == "ResourceQuota":
        _await_counted(context, manifest)
    return made


def _patch_or_create(context: str, manifest: Manifest) -> Manifest:
    try:
        return cluster.call(context, "PATCH", path_of(manifest), manifest)
    except Exception as error:
        if cluster.status_of(error) != cluster.GONE:
            raise
    return cluster.create(context, manifest)


def _await_counted(context: str, quota: Manifest) -> None:
    """A cluster looks for new kinds every 30 s, and looks at a quota that counts one it did not know minutes later:
    until then it refuses to make any. So the quota is made anew."""
    path, give_up = path_of(quota), time.monotonic() + COUNTED_S
    while not _counted(context, path, quota):
        if time.monotonic() > give_up:
            raise PlatformBroken(f"the cluster does not count {', '.join(quota['spec']['hard'])} after {COUNTED_S:g} s")
        cluster.call(context, "DELETE", path)
        cluster.create(context, quota)


def _counted(context: str, path: str, quota: Manifest) -> bool:
    give_up = time.monotonic() + ANEW_S
    while time.monotonic() < give_up:
        used = cluster.call(context, "GET", path).get("status", {}).get("used", {})
        if used.keys() >= quota["spec"]["hard"].keys():
            return True
        time.sleep(0.1)
    return False


def apply_all(context: str, manifests: Iterable[Manifest]) -> None:
    """One after the other: a namespace has to be there before what is in it."""
    for manifest in manifests:
        apply(context, manifest)


def path_of(manifest: Manifest) -> str:
    """Where the API server keeps an object."""
    version, metadata = manifest["apiVersion"], manifest["metadata"]
    base = f"/apis/{version}" if "/" in version else f"/api/{version}"
    space = f"/namespaces/{metadata['namespace']}" if metadata.get("namespace") else ""
    return f"{base}{space}/{cluster.plural(manifest['kind'])}/{metadata['name']}"


def find(context: str, path: str) -> Manifest | None:
    """An object, or None where there is none."""
    try:
        return cluster.call(context, "GET", path)
    except Exception as error:
        if cluster.status_of(error) != cluster.GONE:
            raise
    return None


def namespaces(context: str, workshop: str = "") -> list[Manifest]:
    """All namespaces of a workshop, or of every workshop: of its teacher, desks, systems and exams."""
    selector = f"{WORKSHOP}={workshop}" if workshop else WORKSHOP
    query = [("labelSelector", selector)]
    found: list[Manifest] = cluster.call(context, "GET", "/api/v1/namespaces", query=query)["items"]
    return found


def ending(space: Manifest) -> bool:
    """Whether a namespace is being removed."""
    return bool(space["metadata"].get("deletionTimestamp"))
