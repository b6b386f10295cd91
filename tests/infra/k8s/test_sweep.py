"""What is asked of a cluster to be rid of a namespace."""

from __future__ import annotations

from typing import Any

import pytest

from infra.k8s import check, cluster, sweep


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Deletions, and looks at pods: there are two, then one, then none, which a cluster says as null."""
    seen: list[str] = []
    pods = iter([[{}, {}], [{}], None])

    def call(context: str, method: str, path: str, **more: Any) -> dict[str, Any]:
        seen.append(f"{method} {path.partition('/namespaces/')[2]}")
        return {"items": next(pods)} if method == "GET" else {}

    monkeypatch.setattr(cluster, "call", call)
    monkeypatch.setattr(sweep, "POLL_S", 0.0)
    return seen


def test_sets_go_before_their_pods_or_they_would_make_them_again(asked: list[str]) -> None:
    sweep.remove_namespace("here", "room", wait=False)

    assert asked == ["DELETE room", "DELETE room/statefulsets", "DELETE room/pods"]


def test_it_is_over_once_no_pod_is_left(asked: list[str]) -> None:
    sweep.remove_namespace("here", "room")

    assert asked[3:] == ["GET room/pods"] * 3


def test_the_rights_that_it_takes_are_among_those_that_are_asked_for() -> None:
    needed = {(kind, verb) for _, kind, verbs in check.NEEDED for verb in verbs.split()}

    assert needed >= {("namespaces", "delete"), ("statefulsets", "deletecollection"), ("pods", "deletecollection")}
