"""Removing what is left in the cluster, and finding what nobody owns any more. Everything goes by label."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from infra.common import owner
from infra.k8s import cluster, state
from infra.k8s.names import DEPLOYMENT, HOME, OWNER, home_id
from infra.k8s.state import Record

GONE_S = 40.0
POLL_S = 0.25


def remove(record: Record) -> None:
    """End the processes of a deployment, remove its namespace, forget it. Safe when there is nothing.

    Returns once its pods are gone; the emptied namespace may take some seconds more.

    Raises:
        PlatformBroken: the cluster is away or refused; what is left can be cleared later.
    """
    remove_namespace(record.context, record.namespace)
    now = state.read(record.name)
    if now is not None and now.id == record.id:
        state.forget(record.name)


def remove_namespace(context: str, namespace: str, *, wait: bool = True) -> None:
    """Delete a namespace, and by default wait until no pod is left in it."""
    with cluster.talking(f"removing the namespace {namespace}"):
        _delete(context, f"/api/v1/namespaces/{namespace}")
        # The namespace's own turn takes seconds to come; what is left of a set would try to make its pods again.
        _delete(context, f"/apis/apps/v1/namespaces/{namespace}/statefulsets", [("propagationPolicy", "Background")])
        _delete(context, f"/api/v1/namespaces/{namespace}/pods")
        give_up = time.monotonic() + GONE_S
        while wait and _pods(context, namespace) and time.monotonic() < give_up:
            time.sleep(POLL_S)


def clear(context: str, name: str) -> None:
    """Remove all namespaces of a deployment of this home, recorded or not."""
    record = state.read(name)
    if record is not None:
        remove(record)
    for space in labelled(context):
        if space["metadata"]["labels"][DEPLOYMENT] == name and not _ending(space):
            remove_namespace(context, space["metadata"]["name"])
    state.forget(name)


def leftovers(context: str) -> list[str]:
    """Names of deployments of this home whose owner is gone, or of which only parts are left."""
    spaces = labelled(context)
    records = {record.namespace: record for record in state.records()}
    there = {space["metadata"]["name"] for space in spaces}
    orphans = {
        space["metadata"]["labels"][DEPLOYMENT] for space in spaces if not _ending(space) and _orphan(space, records)
    }
    bare = {record.name for name, record in records.items() if name not in there and _bare(record)}
    return sorted(orphans | bare)


def labelled(context: str) -> list[dict[str, Any]]:
    """All namespaces that this home made."""
    with cluster.talking("looking for namespaces"):
        query = [("labelSelector", f"{HOME}={home_id()}")]
        found: list[dict[str, Any]] = cluster.call(context, "GET", "/api/v1/namespaces", query=query)["items"]
    return found


def _orphan(space: dict[str, Any], records: dict[str, Record]) -> bool:
    who = space["metadata"].get("annotations", {}).get(OWNER, owner.NOBODY)
    if who != owner.NOBODY:
        return not owner.alive(who)
    record = records.get(space["metadata"]["name"])
    return record is None or (not record.started and not owner.alive(record.starter))


def _bare(record: Record) -> bool:
    """Whether a record without a namespace is nobody's: one that is only starting has a living starter."""
    return record.started or not owner.alive(record.starter)


def _ending(space: dict[str, Any]) -> bool:
    return bool(space["metadata"].get("deletionTimestamp"))


def _delete(context: str, path: str, query: Sequence[tuple[str, str]] = ()) -> None:
    try:
        cluster.call(context, "DELETE", path, query=query)
    except Exception as error:
        if cluster.status_of(error) not in (cluster.GONE, cluster.CONFLICT):
            raise


def _pods(context: str, namespace: str) -> int:
    path = f"/api/v1/namespaces/{namespace}/pods"
    found = cluster.call(context, "GET", path, query=cluster.CACHED, accept=cluster.METADATA_LIST)["items"]
    return len(found or ())  # null where nothing is
