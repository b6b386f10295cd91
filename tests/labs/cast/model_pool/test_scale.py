"""The Scale subresource, as an HPA or kubectl speaks to it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.labs.cast.model_pool.conftest import Running
from tests.waiting import eventually

MERGE, JSON_PATCH = "application/merge-patch+json", "application/json-patch+json"


def wanted(pool: Running) -> int:
    return int(pool.scale().json()["spec"]["replicas"])


def test_a_scale_is_autoscaling_v1(pool: Running) -> None:
    found = pool.scale().json()

    assert (found["kind"], found["apiVersion"]) == ("Scale", "autoscaling/v1")
    assert (found["metadata"]["name"], found["metadata"]["namespace"]) == ("large", "lab")
    assert found["spec"] == {"replicas": 2} and found["status"] == {"replicas": 2, "selector": "app=large"}


@pytest.mark.parametrize("kind", [MERGE, "application/strategic-merge-patch+json", "application/json"])
def test_a_patch_asks_for_replicas_that_work_after_their_start(pool: Running, kind: str) -> None:
    found = pool.scale({"spec": {"replicas": 4}}, kind).json()

    assert (found["spec"]["replicas"], found["status"]["replicas"]) == (4, 4)
    assert pool.stats("large")["wanted"] == 4 and pool.stats("large")["there"] == 2
    eventually(lambda: pool.stats("large")["there"] == 4)
    assert pool.stats("large")["slots"] == 4
    pool.scale({"spec": {"replicas": 1}}, kind)
    assert pool.stats("large")["there"] == 1


def test_a_json_patch_and_a_put(pool: Running) -> None:
    steps = [
        {"op": "test", "path": "/spec/replicas", "value": 2},
        {"op": "replace", "path": "/spec/replicas", "value": 3},
    ]
    assert pool.scale(steps, JSON_PATCH).json()["spec"]["replicas"] == 3
    assert pool.scale(steps, JSON_PATCH).status_code == 422

    whole = pool.scale().json()
    whole["spec"]["replicas"] = 5
    assert pool.scale(whole, "application/json", "PUT").status_code == 200
    assert pool.scale(whole, "application/json", "PUT").status_code == 409, "it was changed meanwhile"
    assert wanted(pool) == 5


@pytest.mark.parametrize(
    ("body", "kind", "code", "reason"),
    [
        ({"spec": {"replicas": 6}}, MERGE, 403, "Forbidden"),
        ({"spec": {"replicas": -1}}, MERGE, 422, "Invalid"),
        ({"spec": {"replicas": 2.0}}, MERGE, 422, "Invalid"),
        ({"spec": {"replicas": True}}, MERGE, 422, "Invalid"),
        ({"spec": {"replicas": "3"}}, MERGE, 422, "Invalid"),
        ({"spec": []}, MERGE, 422, "Invalid"),
        ([], MERGE, 400, "BadRequest"),
        (b'{"spec": {"replicas": NaN}}', MERGE, 400, "BadRequest"),
        (b"x" * 70_000, MERGE, 400, "BadRequest"),
        ([{"op": "remove", "path": "/spec/replicas"}], JSON_PATCH, 422, "Invalid"),
        ([7], JSON_PATCH, 422, "Invalid"),
        ({}, JSON_PATCH, 422, "Invalid"),
        ({"spec": {"replicas": 3}}, "text/plain", 415, "UnsupportedMediaType"),
    ],
)
def test_what_makes_no_sense_is_a_status_of_kubernetes(
    pool: Running, body: Any, kind: str, code: int, reason: str
) -> None:
    found = pool.scale(body, kind)

    said = found.json()
    assert (found.status_code, said["kind"], said["code"], said["reason"]) == (code, "Status", code, reason)
    assert wanted(pool) == 2


def test_a_model_without_replicas_has_no_scale(pool: Running) -> None:
    for name in ("open", "none"):
        assert pool.get(f"/apis/apps/v1/namespaces/lab/deployments/{name}/scale").json()["reason"] == "NotFound"


def test_a_patch_that_says_nothing_changes_nothing(pool: Running) -> None:
    before = pool.scale().json()

    assert pool.scale({"metadata": {"annotations": {"a": "b"}}}).json() == before
