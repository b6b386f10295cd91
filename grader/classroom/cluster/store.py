"""Reading and writing what the cluster keeps of a workshop. All calls raise `infra.errors.PlatformBroken` where the
cluster is away or refuses, naming what was being done."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from grader.classroom.cluster import model, schemas
from grader.classroom.cluster.model import Desk, Participant, Snapshot, Submission
from grader.classroom.cluster.names import DESK, DESKS, GROUP, PLACE, SUBMISSIONS, VERSION, WORKSHOP, teacher_namespace
from infra.errors import PlatformBroken
from infra.k8s import cluster

API = f"/apis/{GROUP}/{VERSION}"
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
LABS, BEGAN, ENDS = "labs", "began", "ends"
"""Keys of the ConfigMap `workshop` in the teacher's namespace; labs are separated by spaces."""

SERVED_S = 20.0


def install(context: str) -> None:
    """Teach the cluster the kinds of a workshop, and wait until it serves them. They may be there."""
    with cluster.talking("teaching the cluster what desks and submissions are"):
        for definition in schemas.definitions():
            try:
                cluster.create(context, definition)
            except Exception as error:
                if cluster.status_of(error) != cluster.CONFLICT:
                    raise
        give_up = time.monotonic() + SERVED_S
        while not _served(context):
            if time.monotonic() > give_up:
                raise PlatformBroken(f"the cluster does not serve desks and submissions after {SERVED_S:g} s")
            time.sleep(0.1)


def _served(context: str) -> bool:
    try:
        kinds = {one["name"] for one in cluster.call(context, "GET", API)["resources"]}
    except Exception as error:
        if cluster.status_of(error) != cluster.GONE:
            raise
        return False
    return {DESKS, SUBMISSIONS, f"{SUBMISSIONS}/status"} <= kinds


def uninstall(context: str) -> None:
    """Make the cluster forget the kinds, and with them all desks and submissions of all workshops."""
    with cluster.talking("removing the kinds of a workshop"):
        for definition in schemas.definitions():
            delete(context, f"{DEFINITIONS}/{definition['metadata']['name']}")


def delete(context: str, path: str) -> None:
    """Delete one object; one that is not there is none's fault. Wrap in `cluster.talking`."""
    try:
        cluster.call(context, "DELETE", path)
    except Exception as error:
        if cluster.status_of(error) != cluster.GONE:
            raise


def workshops(context: str) -> list[str]:
    """Ids of all workshops in the cluster."""
    with cluster.talking("looking for workshops"):
        query = [("labelSelector", f"{PLACE}=teacher")]
        spaces = cluster.call(context, "GET", "/api/v1/namespaces", query=query)["items"]
    return sorted(space["metadata"]["labels"][WORKSHOP] for space in spaces)


def participants(context: str, workshop: str) -> list[Participant]:
    """Everybody of a workshop, by id."""
    with cluster.talking(f"looking for the participants of {workshop}"):
        query = [("labelSelector", f"{WORKSHOP}={workshop},{PLACE}={DESK}")]
        spaces = cluster.call(context, "GET", "/api/v1/namespaces", query=query)["items"]
    return sorted((model.participant(space) for space in spaces), key=lambda one: one.id)


def snapshot(context: str, workshop: str) -> Snapshot:
    """All of a workshop, as it is now; desks and submissions of other workshops are left out."""
    people = participants(context, workshop)
    spaces = {one.namespace for one in people}
    with cluster.talking(f"reading the workshop {workshop}"):
        path = f"/api/v1/namespaces/{teacher_namespace(workshop)}/configmaps/workshop"
        about = cluster.call(context, "GET", path)["data"]
        desks = cluster.call(context, "GET", f"{API}/{DESKS}")["items"]
        submissions = cluster.call(context, "GET", f"{API}/{SUBMISSIONS}")["items"]
    return Snapshot(
        workshop=workshop,
        labs=tuple(about[LABS].split()),
        began=about[BEGAN],
        ends=about.get(ENDS, ""),
        participants=tuple(people),
        desks=tuple(model.desk(one) for one in desks if one["metadata"]["namespace"] in spaces),
        submissions=tuple(
            sorted(
                (model.submission(one) for one in submissions if one["metadata"]["namespace"] in spaces),
                key=lambda one: (one.created, one.name),
            )
        ),
    )


def desk(context: str, namespace: str, lab: str) -> Desk:
    """One desk."""
    with cluster.talking(f"reading the desk of {lab}"):
        return model.desk(cluster.call(context, "GET", _path(namespace, DESKS, lab)))


def tell(context: str, namespace: str, lab: str, spec: Mapping[str, Any]) -> None:
    """Write some fields of a desk's spec (see `model.desk_spec`); others stay."""
    with cluster.talking(f"writing to the desk of {lab}"):
        cluster.call(context, "PATCH", _path(namespace, DESKS, lab), {"spec": dict(spec)})


def give_hints(context: str, one: Desk, hints: tuple[str, ...]) -> None:
    """Give out the texts of hints."""
    with cluster.talking(f"writing to the desk of {one.lab}"):
        path = f"{_path(one.namespace, DESKS, one.lab)}/status"
        cluster.call(context, "PATCH", path, {"status": {"hints": list(hints)}})


def submit(context: str, namespace: str, lab: str, archive: str) -> Submission:
    """Ask for a verdict."""
    with cluster.talking(f"submitting {lab}"):
        return model.submission(cluster.create(context, model.new_submission(namespace, lab, archive)))


def submission(context: str, namespace: str, name: str) -> Submission:
    """One submission as it stands."""
    with cluster.talking(f"reading the submission {name}"):
        return model.submission(cluster.call(context, "GET", _path(namespace, SUBMISSIONS, name)))


def submissions(context: str, namespace: str) -> list[Submission]:
    """All of one participant, oldest first."""
    with cluster.talking("reading your submissions"):
        found = cluster.call(context, "GET", f"{API}/namespaces/{namespace}/{SUBMISSIONS}")["items"]
    return sorted((model.submission(one) for one in found), key=lambda one: (one.created, one.name))


def settle(context: str, one: Submission) -> None:
    """Write the examiner's part of a submission, unless it was written since `one` was read."""
    with cluster.talking(f"writing to the submission {one.name}"):
        path = f"{_path(one.namespace, SUBMISSIONS, one.name)}/status"
        known = {"metadata": {"resourceVersion": one.version}} if one.version else {}
        cluster.call(context, "PATCH", path, {**known, "status": model.submission_status(one)})


def _path(namespace: str, kind: str, name: str) -> str:
    return f"{API}/namespaces/{namespace}/{kind}/{name}"
