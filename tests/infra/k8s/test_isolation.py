"""On a real cluster: what is rendered is accepted as it is, closed pods are closed, and an open cluster is refused."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.errors import RuntimeUnavailable
from infra.k8s import cluster, inside, keeper, policies, runtime, sweep
from infra.k8s.describe import manifests
from infra.k8s.names import DEPLOYMENT, HOME, home_id
from infra.k8s.state import Record
from infra.system import load_system
from tests.infra.toy import TOY, Place, a_name, ask, usable

SCRIPTS = inside.scripts()
LABS = Path(__file__).parents[3] / "labs"


@pytest.fixture
def place() -> Iterator[Place]:
    place = Place(runtime.KubernetesRuntime())
    usable(place.runtime, place.system)
    yield place
    place.stop_all()


FILES = [TOY / "compose.yaml", *sorted(LABS.glob("*/compose.yaml"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_the_api_server_accepts_what_is_rendered(place: Place, path: Path) -> None:
    context, name = cluster.context(), a_name()
    first, *others = manifests(load_system(path, ("code",)))
    space = f"lab-{name}"
    first["metadata"] |= {"name": space, "labels": {**first["metadata"]["labels"], DEPLOYMENT: name, HOME: home_id()}}
    cluster.create(context, first)
    try:
        for one in others:
            one["metadata"]["namespace"] = space
            assert cluster.create(context, one, dry_run=True)["metadata"]["name"] == one["metadata"]["name"]
    finally:
        sweep.clear(context, name)


def test_a_closed_pod_reaches_neither_the_cluster_nor_others(place: Place) -> None:
    mine, other = place.deploy(), place.deploy()
    service = cluster.call(cluster.context(), "GET", "/api/v1/namespaces/default/services/kubernetes")
    forbidden = [
        (service["spec"]["clusterIP"], 443),
        (other.near("front", 8080).host, 8080),
        (other.part("front").address, 8080),
        (mine.near("shop", 8081).host, 15900),
    ]
    for host, port in forbidden:
        assert ask(mine, f"/reach?host={host}&port={port}") is False
    assert ask(mine, f"/reach?host={mine.near('shop', 8081).host}&port=8081") is True


def test_a_namespace_that_is_made_after_its_makers_end_goes_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    context, name = cluster.context(), a_name()
    space, nobody = f"lab-{name}-late", "1:0.00"
    labels = {DEPLOYMENT: name, HOME: home_id()}
    late = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": space, "labels": labels}}
    monkeypatch.setattr(keeper, "AGAIN_AFTER_S", 4.0)
    made = threading.Timer(2.0, cluster.create, (context, late))
    made.start()

    keeper.remove_twice(Record(name, "late", context, space, nobody, nobody))

    made.join()
    mine = [one for one in sweep.labelled(context) if one["metadata"]["name"] == space]
    assert all(one["metadata"].get("deletionTimestamp") for one in mine)


def test_a_pod_shows_neither_tokens_nor_the_deployments_name(place: Place) -> None:
    mine = place.deploy()
    seen = json.dumps(ask(mine, "/environment", "shop", 8081))
    assert mine.name not in seen and "KUBERNETES" not in seen
    assert all(part.token not in seen for part in mine.record.parts)


def test_a_cluster_that_does_not_enforce_policies_is_refused(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = {
        name: text.replace("GUARD_S, CONNECT_S = 25.0", "GUARD_S, CONNECT_S = 1.0") for name, text in SCRIPTS.items()
    }
    monkeypatch.setattr(inside, "scripts", lambda: hasty)
    monkeypatch.setattr(policies, "network_policies", lambda networks: [])
    monkeypatch.setattr(policies, "deny_all", lambda: policies.limit_range() | {"metadata": {"name": "more"}})
    monkeypatch.setattr(policies, "to_systems", lambda: policies.limit_range() | {"metadata": {"name": "most"}})
    with pytest.raises(RuntimeUnavailable, match="does not enforce NetworkPolicies"):
        place.deploy(name=(name := a_name()))
    with pytest.raises(RuntimeUnavailable, match="does not enforce NetworkPolicies"):
        place.runtime.post(f"{name}-post", [], tmp_path)
    assert not {name, f"{name}-post"} & set(place.runtime.leftovers())
