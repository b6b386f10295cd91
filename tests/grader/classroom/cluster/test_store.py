"""On a real cluster: what the API server itself guarantees of desks and submissions."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace

import pytest

from grader.classroom.cluster import model, store
from grader.classroom.cluster.model import State
from grader.classroom.cluster.names import DESK, PARTICIPANT, PLACE, WORKSHOP, desk_namespace
from infra.errors import PlatformBroken, RuntimeUnavailable
from infra.k8s import cluster


@pytest.fixture
def context() -> str:
    try:
        named = cluster.context()
    except RuntimeUnavailable as error:
        pytest.skip(str(error))
    store.install(named)
    return named


@pytest.fixture
def workshop(context: str) -> Iterator[str]:
    """A workshop of two that has only their namespaces."""
    name = f"s-{secrets.token_hex(3)}"
    spaces = [desk_namespace(name, person) for person in ("ada", "bob")]
    for space, person in zip(spaces, ("ada", "bob"), strict=True):
        labels = {WORKSHOP: name, PLACE: DESK, PARTICIPANT: person}
        cluster.create(
            context, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": space, "labels": labels}}
        )
        cluster.create(context, model.new_desk(space, "canary"))
    yield name
    for space in spaces:
        store.delete(context, f"/api/v1/namespaces/{space}")


def test_people_are_known_by_their_namespaces(context: str, workshop: str) -> None:
    assert [one.id for one in store.participants(context, workshop)] == ["ada", "bob"]


def test_each_writes_their_part_of_a_desk(context: str, workshop: str) -> None:
    space = desk_namespace(workshop, "ada")
    store.tell(context, space, "canary", {"saves": 2, "hintsWanted": 1})
    store.give_hints(context, store.desk(context, space, "canary"), ("Look at the tail.",))
    store.tell(context, space, "canary", {"saves": 3})

    found = store.desk(context, space, "canary")

    assert (found.saves, found.hints_wanted, found.hints) == (3, 1, ("Look at the tail.",))


def test_a_submission_cannot_be_changed(context: str, workshop: str) -> None:
    space = desk_namespace(workshop, "ada")
    made = store.submit(context, space, "canary", "QUJD")
    path = f"{store.API}/namespaces/{space}/submissions/{made.name}"
    with pytest.raises(PlatformBroken, match="what was submitted cannot be changed"), cluster.talking("changing it"):
        cluster.call(context, "PATCH", path, {"spec": {"archive": "REVG"}})
    assert store.submission(context, space, made.name).archive == "QUJD"


def test_a_verdict_is_not_part_of_what_is_submitted(context: str, workshop: str) -> None:
    space = desk_namespace(workshop, "ada")
    forged = model.new_submission(space, "canary", "QUJD") | {"status": {"state": "done", "verdict": "pass"}}
    with cluster.talking("forging"):
        made = model.submission(cluster.create(context, forged))
        path = f"{store.API}/namespaces/{space}/submissions/{made.name}"
        cluster.call(context, "PATCH", path, {"status": {"state": "done", "verdict": "pass"}})
    found = store.submission(context, space, made.name)
    assert (found.state, found.verdict) == (State.QUEUED, "")


def test_the_examiner_s_part_comes_back(context: str, workshop: str) -> None:
    space = desk_namespace(workshop, "bob")
    made = store.submit(context, space, "canary", "QUJD")
    settled = replace(made, state=State.DONE, verdict="fail", reasons=("too slow",), duration_s=12.5, tries=1)
    store.settle(context, settled)
    (found,) = store.submissions(context, space)
    assert replace(found, version=made.version) == settled and found.version != made.version
