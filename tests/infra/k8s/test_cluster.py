"""What a cluster refuses for a while, and what it refuses for good."""

from __future__ import annotations

import json
from typing import Any

import pytest
from kubernetes.client import ApiException

from infra.k8s import cluster

MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m", "namespace": "n"}}


class Refused(ApiException):
    def __init__(self, message: str) -> None:
        super().__init__(status=403)
        self.body = json.dumps({"message": message})


def refusing(monkeypatch: pytest.MonkeyPatch, message: str, times: int) -> list[str]:
    """A cluster that refuses so many times; returns the requests that it gets."""
    asked: list[str] = []

    def call(_: str, method: str, path: str, *__: Any) -> dict[str, Any]:
        asked.append(f"{method} {path}")
        if len(asked) <= times:
            raise Refused(message)
        return MAP

    monkeypatch.setattr(cluster, "call", call)
    monkeypatch.setattr(cluster.time, "sleep", lambda _: None)
    return asked


def test_what_a_quota_does_not_count_yet_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = refusing(monkeypatch, 'desks "a" is forbidden: status unknown for quota: quota, resources: count/desks', 2)
    assert cluster.create("lab", MAP) == MAP
    assert asked == ["POST /api/v1/namespaces/n/configmaps"] * 3


def test_that_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    refusing(monkeypatch, "status unknown for quota: quota", 1000)
    monkeypatch.setattr(cluster, "COUNTED_S", 0.0)
    with pytest.raises(ApiException):
        cluster.create("lab", MAP)


def test_a_full_quota_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = refusing(monkeypatch, "exceeded quota: quota, requested: count/desks=1", 1)
    with pytest.raises(ApiException):
        cluster.create("lab", MAP)
    assert len(asked) == 1
