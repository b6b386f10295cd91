"""Reading a workshop about once a second without fetching every archive every time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Protocol

from grader.classroom.cluster import model, store
from grader.classroom.cluster.model import Desk, Participant, Snapshot, State, Submission
from grader.classroom.cluster.names import DESKS, SUBMISSIONS, teacher_namespace
from infra.k8s import cluster

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
"""Asks the API server for what `kubectl get` shows: a row's cells and metadata, and not the archive."""

PEOPLE_S = 10.0
"""How often participants, labs and times are read: they hardly change."""


class Source(Protocol):
    """Where snapshots come from."""

    def read(self) -> Snapshot:
        """The workshop now; archives may be missing.

        Raises:
            infra.errors.InfraError: it cannot be read now.
        """


@dataclass(frozen=True)
class Row:
    """What the table says of a submission; `version` changes with the object."""

    namespace: str
    name: str
    uid: str
    version: str
    created: str
    lab: str
    state: State
    position: int


class ClusterSource:
    """A workshop in a cluster. Of one thread."""

    def __init__(self, context: str, workshop: str) -> None:
        self._context, self._workshop = context, workshop
        self._about: tuple[float, Snapshot] | None = None
        self._known: dict[str, tuple[str, Submission]] = {}

    def read(self) -> Snapshot:
        about = self._people()
        spaces = {one.namespace for one in about.participants}
        return replace(about, desks=self._desks(spaces), submissions=self._submissions(spaces))

    def _people(self) -> Snapshot:
        if self._about is None or time.monotonic() - self._about[0] > PEOPLE_S:
            people: list[Participant] = store.participants(self._context, self._workshop)
            path = f"/api/v1/namespaces/{teacher_namespace(self._workshop)}/configmaps/workshop"
            with cluster.talking(f"reading the workshop {self._workshop}"):
                about = cluster.call(self._context, "GET", path)["data"]
            labs, ends = tuple(about[store.LABS].split()), about.get(store.ENDS, "")
            found = Snapshot(self._workshop, labs, about[store.BEGAN], ends, tuple(people))
            self._about = (time.monotonic(), found)
        return self._about[1]

    def _desks(self, spaces: set[str]) -> tuple[Desk, ...]:
        with cluster.talking(f"reading the desks of {self._workshop}"):
            desks = cluster.call(self._context, "GET", f"{store.API}/{DESKS}")["items"]
        return tuple(model.desk(one) for one in desks if one["metadata"]["namespace"] in spaces)

    def _submissions(self, spaces: set[str]) -> tuple[Submission, ...]:
        with cluster.talking(f"reading the submissions of {self._workshop}"):
            table = cluster.call(self._context, "GET", f"{store.API}/{SUBMISSIONS}", accept=TABLE)
            every = [row for row in rows(table) if row.namespace in spaces]
            with ThreadPoolExecutor(max_workers=6) as pool:
                found = list(pool.map(self._submission, every))
        both = [(row, one) for row, one in zip(every, found, strict=True) if one]
        self._known = {row.uid: (row.version, one) for row, one in both}
        return tuple(sorted((one for _, one in both), key=lambda one: (one.created, one.name)))

    def _submission(self, row: Row) -> Submission | None:
        """One submission: from its row while it waits, then as it was when it last changed; None if it has gone."""
        if row.state is State.QUEUED:
            return Submission(row.namespace, row.name, row.uid, row.lab, row.created, "", row.state, row.position)
        version, known = self._known.get(row.uid, ("", None))
        if known and version == row.version:
            return known
        try:
            path = f"{store.API}/namespaces/{row.namespace}/{SUBMISSIONS}/{row.name}"
            return replace(model.submission(cluster.call(self._context, "GET", path)), archive="")
        except Exception as error:
            if cluster.status_of(error) != cluster.GONE:
                raise
            return None


def rows(table: Mapping[str, Any]) -> list[Row]:
    """The submissions of a table, by the names of its columns (`grader.classroom.cluster.schemas`). Pure."""
    names = [column["name"] for column in table["columnDefinitions"]]
    return [_row(dict(zip(names, row["cells"], strict=True)), row["object"]["metadata"]) for row in table["rows"]]


def _row(cells: Mapping[str, Any], metadata: Mapping[str, Any]) -> Row:
    return Row(
        namespace=metadata["namespace"],
        name=metadata["name"],
        uid=metadata["uid"],
        version=metadata["resourceVersion"],
        created=metadata["creationTimestamp"],
        lab=str(cells["Lab"] or ""),
        state=State(cells["State"] or State.QUEUED),
        position=int(cells["Position"] or 0),
    )
