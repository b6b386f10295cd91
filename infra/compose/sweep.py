"""Removing what is left of deployments, and finding those that nobody owns any more. Everything goes by label."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from infra.common import owner
from infra.compose import containers, state
from infra.compose.daemon import client, talking
from infra.compose.render import DEPLOYMENT, OWNER, STATE

TRIES, PAUSE_S = 20, 0.05
GONE = 404


def clear(name: str) -> bool:
    """Remove containers, networks, volumes and state of a deployment, if there are any; whether Docker had some.

    Raises:
        PlatformBroken: the daemon failed; what is left can be cleared later.
    """
    api = client()
    there = containers.ids(name)
    containers.remove(there)
    label = {"label": f"{DEPLOYMENT}={name}"}
    with talking(f"removing what is left of {name}"):
        networks = [network["Id"] for network in api.networks(filters=label)]
        _together(api.remove_network, networks)
        volumes = [volume["Name"] for volume in api.volumes(filters=label)["Volumes"] or []]
        _together(api.remove_volume, volumes)
    state.forget(name)
    return bool(there or networks or volumes)


def leftovers() -> list[str]:
    """Names of deployments whose owner is gone, or of which only parts are left.

    Raises:
        PlatformBroken: the daemon failed.
    """
    seen: dict[str, list[dict[str, str]]] = {}
    with talking("looking for leftovers"):
        for labels, running in _labelled():
            seen.setdefault(labels[DEPLOYMENT], []).append({**labels, "container": "yes" if running else ""})
    records = {record.name: record for record in state.records()}
    orphans = {name for name, labels in seen.items() if _orphaned(name, labels, records.get(name))}
    bare = {name for name, record in records.items() if name not in seen and _bare(record)}
    return sorted(orphans | bare)


def _orphaned(name: str, labels: list[dict[str, str]], record: state.Record | None) -> bool:
    who = labels[0].get(OWNER, owner.NOBODY)
    if who != owner.NOBODY:
        return not owner.alive(who)
    kept = Path(labels[0].get(STATE, "")) / state.RECORD
    if not kept.is_file():
        return True
    has_containers = any(label["container"] for label in labels)
    return record is not None and not has_containers and _bare(record)


def _bare(record: state.Record) -> bool:
    """Whether a record without containers is nobody's: one that is only starting has a living starter."""
    return record.started or not owner.alive(record.starter if record.owner == owner.NOBODY else record.owner)


def _labelled() -> Iterator[tuple[dict[str, str], bool]]:
    """The labels of all that is ours, and whether each is a container."""
    api = client()
    ours = {"label": DEPLOYMENT}
    found: list[tuple[list[dict[str, Any]], bool]] = [
        (api.containers(all=True, filters=ours), True),
        (api.networks(filters=ours), False),
        (api.volumes(filters=ours)["Volumes"] or [], False),
    ]
    for things, running in found:
        for thing in things:
            yield thing["Labels"], running


def _together(remove: Callable[[str], Any], ids: list[str]) -> None:
    if ids:
        with ThreadPoolExecutor(max_workers=len(ids)) as pool:
            list(pool.map(lambda one: _persist(remove, one), ids))


def _persist(remove: Callable[[str], Any], one: str) -> None:
    """Remove something that may be in use for a moment longer, or be gone already."""
    from docker.errors import APIError

    for attempt in range(TRIES):
        try:
            remove(one)
            return
        except APIError as error:
            if error.status_code == GONE:
                return
            if attempt == TRIES - 1:
                raise
            time.sleep(PAUSE_S)
