"""A quota on kinds that the cluster has only just learnt."""

from __future__ import annotations

from typing import Any

import pytest

from grader.classroom.cluster import objects
from grader.classroom.teacher import desks
from infra.errors import PlatformBroken
from infra.k8s import cluster

QUOTA = {**desks.quota(1, 20), "metadata": {"name": "quota", "namespace": "n"}}
PATH = "/api/v1/namespaces/n/resourcequotas/quota"


class Slow:
    """A cluster in which a quota that is made before the kinds are known stays uncounted."""

    def __init__(self, made_in_vain: int) -> None:
        self.made_in_vain, self.made, self.there = made_in_vain, 0, False

    def call(self, _: str, method: str, path: str, *__: Any) -> dict[str, Any]:
        if method == "POST":
            self.made, self.there = self.made + 1, True
        elif not self.there:
            raise Gone
        elif method == "DELETE":
            self.there = False
        counted = {"status": {"used": dict.fromkeys(QUOTA["spec"]["hard"], "0")}}
        return QUOTA | (counted if self.made > self.made_in_vain else {})


class Gone(Exception):
    status = 404


def test_it_is_made_anew_until_it_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(2)
    monkeypatch.setattr(cluster, "call", slow.call)
    monkeypatch.setattr(objects, "ANEW_S", 0.05)
    objects.apply("lab", QUOTA)
    assert (slow.made, slow.there) == (3, True)
    objects.apply("lab", QUOTA)
    assert slow.made == 3


def test_one_that_is_never_counted_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "call", Slow(1000).call)
    monkeypatch.setattr(objects, "ANEW_S", 0.01)
    monkeypatch.setattr(objects, "COUNTED_S", 0.05)
    with pytest.raises(PlatformBroken, match=r"does not count .*count/desks.lab.brownout"):
        objects.apply("lab", QUOTA)
