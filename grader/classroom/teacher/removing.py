"""Removing a workshop: by label, whatever is known on this machine. Safe to repeat."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from grader.classroom.cluster import objects, store
from grader.classroom.cluster.names import PLACE, TEACHER, WORKSHOP, cluster_role
from grader.classroom.teacher.desks import RBAC
from infra.errors import PlatformBroken
from infra.k8s import cluster, state, sweep
from infra.k8s.names import DEPLOYMENT

AT_ONCE = 6
GONE_S = 180.0


def remove(context: str, workshop: str, kits: Path, say: Callable[[str], None], *, keep_kinds: bool = False) -> None:
    """Remove all that was made for a workshop, and wait until it is gone: namespaces (the teacher's first, so that no
    new exam begins), the examiner's rights, and with the last workshop the kinds; then the kits.

    Args:
        kits: the folder of kits on this machine.
        keep_kinds: leave the kinds in the cluster.

    Raises:
        PlatformBroken: the cluster is away, refused, or was not through after `GONE_S` seconds; call again.
    """
    for _ in range(2):  # an exam that was just beginning may have made one more
        with cluster.talking(f"looking for what belongs to {workshop}"):
            spaces = objects.namespaces(context, workshop)
        _remove_spaces(context, [one for one in spaces if one["metadata"]["labels"].get(PLACE) == TEACHER])
        _remove_spaces(context, [one for one in spaces if one["metadata"]["labels"].get(PLACE) != TEACHER])
    with cluster.talking("removing the examiner's rights"):
        for kind in ("clusterrolebindings", "clusterroles"):
            store.delete(context, f"/apis/{RBAC}/v1/{kind}/{cluster_role(workshop)}")
    _await_gone(context, workshop, say)
    with cluster.talking("looking for other workshops"):
        last = not objects.namespaces(context)
    if last and not keep_kinds:
        store.uninstall(context)
    shutil.rmtree(kits, ignore_errors=True)


def workshops(context: str) -> dict[str, bool]:
    """Ids of all workshops of which anything is there, and whether the teacher's namespace, with all that is known, is.

    Raises:
        PlatformBroken: the cluster is away.
    """
    found: dict[str, bool] = {}
    with cluster.talking("looking for workshops"):
        for space in objects.namespaces(context):
            if not objects.ending(space):
                labels = space["metadata"]["labels"]
                found[labels[WORKSHOP]] = found.get(labels[WORKSHOP], False) or labels.get(PLACE) == TEACHER
    return found


def parts(context: str, workshop: str) -> list[str]:
    """Names of the namespaces that there are of a workshop.

    Raises:
        PlatformBroken: the cluster is away.
    """
    with cluster.talking(f"looking for what belongs to {workshop}"):
        return [space["metadata"]["name"] for space in objects.namespaces(context, workshop)]


def _remove_spaces(context: str, spaces: list[objects.Manifest]) -> None:
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        list(pool.map(lambda space: _remove_space(context, space), spaces))


def _remove_space(context: str, space: objects.Manifest) -> None:
    sweep.remove_namespace(context, space["metadata"]["name"])
    name = space["metadata"]["labels"].get(DEPLOYMENT, "")
    record = state.read(name) if name else None
    if record is not None and record.namespace == space["metadata"]["name"]:
        state.forget(name)


def _await_gone(context: str, workshop: str, say: Callable[[str], None]) -> None:
    give_up = time.monotonic() + GONE_S
    told = 0
    while True:
        with cluster.talking(f"looking for what is left of {workshop}"):
            left = len(objects.namespaces(context, workshop))
        if not left:
            return
        if time.monotonic() > give_up:
            raise PlatformBroken(
                f"{left} namespaces of {workshop} are still being removed after {GONE_S:g} s: say "
                f"`lab workshop stop {workshop} --no-export` again"
            )
        if left != told:
            say(f"{left} namespaces to go")
            told = left
        time.sleep(0.5)
