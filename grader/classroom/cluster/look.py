"""Looking at a whole workshop again and again, without carrying what was submitted each time."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from grader.classroom.cluster import model, store
from grader.classroom.cluster.model import Snapshot, Submission
from grader.classroom.cluster.names import DESKS, SUBMISSIONS, teacher_namespace
from infra.k8s import cluster

TOGETHER = 6


class Look:
    """Snapshots of one workshop, in which `Submission.archive` is empty.

    Each asks for the names and versions of all submissions, and reads those that are new or have changed. What is kept
    in between only saves time.
    """

    def __init__(self, context: str, workshop: str) -> None:
        self._context, self._workshop = context, workshop
        self._known: dict[str, Submission] = {}

    def snapshot(self) -> Snapshot:
        """As `store.snapshot`, without archives.

        Raises:
            PlatformBroken: the cluster is away or refused.
        """
        people = store.participants(self._context, self._workshop)
        spaces = {one.namespace for one in people}
        with cluster.talking(f"reading the workshop {self._workshop}"):
            path = f"/api/v1/namespaces/{teacher_namespace(self._workshop)}/configmaps/workshop"
            about = cluster.call(self._context, "GET", path)["data"]
            desks = cluster.call(self._context, "GET", f"{store.API}/{DESKS}")["items"]
            found = self._submissions(spaces)
        return Snapshot(
            workshop=self._workshop,
            labs=tuple(about[store.LABS].split()),
            began=about[store.BEGAN],
            ends=about.get(store.ENDS, ""),
            participants=tuple(people),
            desks=tuple(model.desk(one) for one in desks if one["metadata"]["namespace"] in spaces),
            submissions=tuple(sorted(found, key=lambda one: (one.created, one.name))),
        )

    def _submissions(self, spaces: set[str]) -> Sequence[Submission]:
        path = f"{store.API}/{SUBMISSIONS}"
        listed = cluster.call(self._context, "GET", path, accept=cluster.METADATA_LIST)["items"] or ()
        there = [one["metadata"] for one in listed if one["metadata"]["namespace"] in spaces]
        kept = {one.version: one for one in self._known.values()}
        same = {meta["uid"] for meta in there if meta["resourceVersion"] in kept}
        with ThreadPoolExecutor(max_workers=TOGETHER) as pool:
            read = list(pool.map(self._read, (meta for meta in there if meta["uid"] not in same)))
        self._known = {uid: self._known[uid] for uid in same} | {one.uid: one for one in read if one is not None}
        return list(self._known.values())

    def _read(self, metadata: dict[str, Any]) -> Submission | None:
        """One submission; None if it has gone meanwhile."""
        path = f"{store.API}/namespaces/{metadata['namespace']}/{SUBMISSIONS}/{metadata['name']}"
        try:
            return replace(model.submission(cluster.call(self._context, "GET", path)), archive="")
        except Exception as error:
            if cluster.status_of(error) != cluster.GONE:
                raise
        return None
