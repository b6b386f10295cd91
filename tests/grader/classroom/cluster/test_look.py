"""Looking again and again reads each submission once for each time that it changed."""

from __future__ import annotations

from typing import Any

import pytest

from grader.classroom.cluster import look, store
from grader.classroom.cluster.look import Look
from grader.classroom.cluster.model import Participant
from infra.k8s import cluster

SPACE = "ws-e--ada"


class Api:
    """Answers as the API server would, and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.there: dict[str, dict[str, Any]] = {}

    def put(self, name: str, version: int, space: str = SPACE) -> None:
        metadata = {"name": name, "namespace": space, "uid": f"uid-{name}", "resourceVersion": str(version)}
        metadata["creationTimestamp"] = "2026-01-31T09:00:00Z"
        self.there[name] = {"metadata": metadata, "spec": {"lab": "desk", "archive": "A" * 100}, "status": {}}

    def call(self, context: str, method: str, path: str, *_: Any, accept: str = "", **__: Any) -> dict[str, Any]:
        name = path.rpartition("/")[2]
        if name == "workshop":
            return {"data": {"labs": "desk", "began": ""}}
        if name == "desks":
            return {"items": []}
        if name == "submissions":
            assert accept == cluster.METADATA_LIST
            return {"items": [{"metadata": one["metadata"]} for one in self.there.values()]}
        self.asked.append(name)
        return self.there[name]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    made = Api()
    monkeypatch.setattr(look.cluster, "call", made.call)
    monkeypatch.setattr(store, "participants", lambda *_: [Participant("ada", SPACE, "Ada", "owl")])
    return made


def test_only_what_changed_is_read_and_archives_are_left(api: Api) -> None:
    api.put("a", 1)
    api.put("b", 1)
    api.put("elsewhere", 1, "ws-other--bob")
    looking = Look("here", "e")
    first = looking.snapshot()
    assert sorted(api.asked) == ["a", "b"] and {one.archive for one in first.submissions} == {""}
    api.asked.clear()
    assert looking.snapshot() == first and not api.asked
    api.put("b", 2)
    assert [one.version for one in looking.snapshot().submissions] == ["1", "2"] and api.asked == ["b"]


def test_what_is_gone_is_gone(api: Api) -> None:
    api.put("a", 1)
    looking = Look("here", "e")
    assert looking.snapshot().submissions
    del api.there["a"]
    assert looking.snapshot().submissions == ()
