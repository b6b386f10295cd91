"""The systems that run for participants. Each is made as any deployment and then handed over: its record goes to the
teacher's namespace, its namespace belongs to the workshop and no longer to this machine, and its ports here are closed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from grader.classroom.cluster import objects
from grader.classroom.cluster.names import PARTICIPANT, WORKSHOP, record_secret, teacher_namespace
from grader.classroom.teacher import desks
from grader.course import catalog, systems
from infra.k8s import cluster, state, sweep
from infra.k8s.names import DEPLOYMENT, HOME, LABELS
from infra.k8s.waiting import runs
from infra.runtime import Request, runtime

READY_S = 180.0
"""A system alone needs 10 s; many at once, on few processors, wait for each other."""

RECORD = "record"


@dataclass(frozen=True)
class Place:
    """One system: of whom, of which lab, in which workshop."""

    workshop: str
    participant: str
    lab: str

    @property
    def name(self) -> str:
        """Of its deployment: at most 40 characters, another for each place."""
        key = hashlib.sha256(f"{self.workshop} {self.participant} {self.lab}".encode()).hexdigest()[:8]
        return f"{self.participant}-{self.lab[:10]}-{key}"


@contextmanager
def marked(workshop: str) -> Iterator[None]:
    """Every namespace that this process makes meanwhile is found by the workshop's label."""
    before = os.environ.get(LABELS)
    os.environ[LABELS] = f"{WORKSHOP}={workshop}"
    try:
        yield
    finally:
        os.environ.pop(LABELS)
        if before is not None:
            os.environ[LABELS] = before


def kept(context: str, place: Place) -> dict[str, Any] | None:
    """The record of a system that was handed over, as plain data, or None."""
    path = (
        f"/api/v1/namespaces/{teacher_namespace(place.workshop)}/secrets/{record_secret(place.participant, place.lab)}"
    )
    with cluster.talking(f"looking for the record of {place.name}"):
        found = objects.find(context, path)
    return None if found is None else _decoded(found)


def standing(context: str, record: dict[str, Any]) -> bool:
    """Whether a system is as it was recorded: the same pods at the same addresses, running, in a namespace that is
    not being removed."""
    path = f"/api/v1/namespaces/{record['namespace']}"
    with cluster.talking(f"looking at the pods of {record['name']}"):
        space = objects.find(context, path)
        found = cluster.call(context, "GET", f"{path}/pods")["items"]
    if space is None or objects.ending(space):
        return False
    there = {one["metadata"]["name"]: one["status"].get("podIP") for one in found if runs(one)}
    return bool(record["pods"]) and there == dict(record["pods"])


def ensure(context: str, place: Place) -> dict[str, Any]:
    """A system for this place: the one that stands, else a new one. Returns its record.

    Raises:
        ServiceFailed, SystemRefused, PlatformBroken, RuntimeUnavailable: as `infra.runtime.Runtime.deploy`.
    """
    found = kept(context, place)
    if found is not None and standing(context, found):
        _hand_over(context, place, found)
        return found
    _clear(context, place)
    lab = catalog.find_lab(place.lab)
    request = Request(
        name=place.name,
        owner_pid=None,
        secrets={"BROWNOUT_TOKEN": secrets.token_hex(16)},
        ready_timeout_s=READY_S,
    )
    runtime("k8s").deploy(systems.system(lab), request)
    made = state.read(place.name)
    assert made is not None, "a deployment that was just made is recorded"
    record = asdict(made)
    _hand_over(context, place, record)
    return record


def _clear(context: str, place: Place) -> None:
    """Remove what is left of tries that were broken off, on this machine or another, and what no longer stands."""
    with cluster.talking(f"looking for what is left of {place.name}"):
        spaces = objects.namespaces(context, place.workshop)
    for space in spaces:
        if space["metadata"]["labels"].get(DEPLOYMENT) == place.name and not objects.ending(space):
            sweep.remove_namespace(context, space["metadata"]["name"])
    runtime("k8s").clear(place.name)


def _hand_over(context: str, place: Place, record: dict[str, Any]) -> None:
    """Keep the record, give the namespace to the workshop and its participant, let go of it here. Safe to repeat."""
    home = teacher_namespace(place.workshop)
    metadata = {
        "name": record_secret(place.participant, place.lab),
        "namespace": home,
        "labels": {WORKSHOP: place.workshop, PARTICIPANT: place.participant},
    }
    text = json.dumps(record)
    labels = {HOME: None, WORKSHOP: place.workshop, PARTICIPANT: place.participant}
    with cluster.talking(f"handing over {place.name}"):
        objects.apply(
            context, {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": {RECORD: text}}
        )
        space = f"/api/v1/namespaces/{record['namespace']}"
        cluster.call(context, "PATCH", space, {"metadata": {"labels": labels}})
        objects.apply_all(context, desks.at_system(record["namespace"], place.workshop, place.participant))
    mine = state.read(place.name)
    if mine is not None and mine.id == record["id"]:
        state.forget(place.name)


def _decoded(secret: dict[str, Any]) -> dict[str, Any] | None:
    """The record in a Secret; one that is damaged, or of another version, is none."""
    try:
        record: dict[str, Any] = json.loads(base64.b64decode(secret["data"][RECORD]))
        state.parse(json.loads(json.dumps(record)))
    except (KeyError, ValueError, TypeError):
        return None
    return record
