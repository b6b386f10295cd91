"""Whether a cluster can be used: told in one sentence with the remedy."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from infra.errors import RuntimeUnavailable
from infra.k8s import check, cluster, load, waiting

CONFIG = """
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: u, user: {token: t}}]
contexts: [{name: teaching, context: {cluster: c, user: u}}, {name: production, context: {cluster: c, user: u}}]
current-context: production
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text(CONFIG)
    monkeypatch.setattr("kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(tmp_path / "config"))
    monkeypatch.delenv(cluster.CONTEXT, raising=False)


def test_a_context_is_never_guessed(config: None) -> None:
    with pytest.raises(RuntimeUnavailable, match="set BROWNOUT_KUBE_CONTEXT to one of teaching, production"):
        cluster.context()


def test_a_context_that_is_not_there_is_refused(config: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cluster.CONTEXT, "nowhere")
    with pytest.raises(RuntimeUnavailable, match="no context 'nowhere'"):
        cluster.context()


def test_an_environment_without_the_client_says_what_to_do(config: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kubernetes", None)
    with pytest.raises(RuntimeUnavailable, match="run `make setup`"):
        cluster.context()


def test_the_one_that_was_named_is_taken(config: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cluster.CONTEXT, "teaching")
    assert cluster.context() == "teaching"


def test_no_kubeconfig_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(tmp_path / "none"))
    with pytest.raises(RuntimeUnavailable, match="KUBECONFIG"):
        cluster.context()


def test_a_cluster_that_is_away_is_said_so(config: None) -> None:
    with pytest.raises(RuntimeUnavailable, match="does not answer.*start it"):
        check.check("teaching")


@pytest.mark.parametrize(
    ("said", "old"),
    [
        ({"major": "1", "minor": "28+", "gitVersion": "v1.28.3"}, True),
        ({"major": "1", "minor": "29"}, False),
        ({"major": "1", "minor": "34+"}, False),
        ({}, True),
    ],
)
def test_an_old_cluster_is_refused(said: dict[str, str], old: bool) -> None:
    assert bool(check.too_old(said)) is old


def test_missing_rights_are_listed() -> None:
    assert check.lacking([]) is None
    assert "create namespaces, list nodes" in str(check.lacking(["create namespaces", "list nodes"]))


def test_kind_has_its_own_way_to_load() -> None:
    command = ["kind", "load", "docker-image", "i:1", "j:1", "--name", "two"]
    assert load.kind_command("kind-two", ["i:1", "j:1"]) == command


def waiting_for(reason: str) -> dict[str, object]:
    status = {"name": "front", "image": "brownout/core:1", "state": {"waiting": {"reason": reason}}}
    return {"status": {"containerStatuses": [status]}}


def test_an_image_that_is_missing_names_the_command() -> None:
    with pytest.raises(RuntimeUnavailable, match="make cluster-images"):
        waiting.raise_if_hopeless(waiting_for("ErrImagePull"))
    waiting.raise_if_hopeless(waiting_for("ContainerCreating"))


def test_a_pod_that_stays_open_condemns_the_cluster() -> None:
    ended = {"name": "prepare", "image": "i", "state": {"terminated": {"exitCode": 7}}}
    with pytest.raises(RuntimeUnavailable, match="does not enforce NetworkPolicies"):
        waiting.raise_if_hopeless({"status": {"initContainerStatuses": [ended]}})
