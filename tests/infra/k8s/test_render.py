"""From a system to manifests: closed in, and what Kubernetes understands."""

from __future__ import annotations

import base64
import io
import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from infra.k8s import render
from infra.k8s.describe import describe, manifests
from infra.k8s.making import Making
from infra.k8s.names import FIRST_CONTROL, LAST_CONTROL
from infra.k8s.policies import quota
from infra.runtime import Request
from infra.system import load_system

TOY = Path(__file__).parents[1] / "systems" / "toy" / "compose.yaml"
LABS = Path(__file__).parents[3] / "labs"
SYSTEMS = {"toy": (TOY, "code"), **{path.parent.name: (path, "") for path in sorted(LABS.glob("*/compose.yaml"))}}


def rendered(name: str = "toy") -> list[dict[str, Any]]:
    path, opened = SYSTEMS[name]
    return manifests(load_system(path, (opened,) if opened else ()))


def of_kind(kind: str, name: str = "toy") -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in rendered(name) if one["kind"] == kind}


def pod(name: str) -> dict[str, Any]:
    spec: dict[str, Any] = of_kind("StatefulSet")[name]["spec"]["template"]["spec"]
    return spec


def containers() -> Iterator[dict[str, Any]]:
    for name in of_kind("StatefulSet"):
        yield from (*pod(name)["initContainers"], *pod(name)["containers"])


def environment(pod_name: str, container: str) -> dict[str, Any]:
    (found,) = (one for one in pod(pod_name)["containers"] if one["name"] == container)
    return {entry["name"]: entry for entry in found["env"]}


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_manifest_is_valid(name: str) -> None:
    for manifest in rendered(name):
        kubernetes_validate.validate(manifest, "1.34", strict=True)


def test_every_container_is_hardened() -> None:
    for one in containers():
        context = one["securityContext"]
        assert context["readOnlyRootFilesystem"] and not context["allowPrivilegeEscalation"]
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert set(one["resources"]) == {"requests", "limits"}


def test_every_pod_is_unprivileged_and_has_no_token() -> None:
    for name in of_kind("StatefulSet"):
        spec = pod(name)
        assert spec["securityContext"]["runAsNonRoot"] and spec["securityContext"]["runAsUser"] == 10001
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False and spec["enableServiceLinks"] is False
        assert all(set(volume) <= {"name", "configMap", "projected", "emptyDir"} for volume in spec["volumes"])


def test_only_a_candidates_pod_is_guarded_and_has_a_courier() -> None:
    assert pod("p-shop")["initContainers"][0]["command"][-1] == "guarded"
    assert pod("p-front")["initContainers"] == []
    assert [one["name"] for one in pod("p-shop")["containers"]] == ["shop", "courier"]
    assert [one["name"] for one in pod("p-front")["containers"]] == ["front", "back"]


def test_a_sealed_pod_is_shown_its_files() -> None:
    (code,) = (one for one in pod("p-front")["volumes"] if one["name"] == "code")
    shown = {
        item["path"]: of_kind("ConfigMap")[source["configMap"]["name"]]["binaryData"][item["key"]]
        for source in code["projected"]["sources"]
        for item in source["configMap"]["items"]
    }
    for service in pod("p-front")["containers"]:
        for mount in service["volumeMounts"]:
            if mount["name"] == "code":
                assert any(path == mount["subPath"] or path.startswith(mount["subPath"] + "/") for path in shown)
    assert shown


def test_a_sealed_pod_with_a_program_has_its_files_unpacked(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TOY.parent, tmp_path / "toy"))
    (folder / "sealed" / "server.py").chmod(0o755)
    made = manifests(load_system(folder / "compose.yaml", ("code",)))
    named = {(one["kind"], one["metadata"]["name"]): one for one in made}
    spec = named["StatefulSet", "p-front"]["spec"]["template"]["spec"]

    (prepare,) = spec["initContainers"]
    assert "guarded" not in prepare["command"]
    (parts,) = (one["projected"]["sources"] for one in spec["volumes"] if one["name"] == "parts")
    maps = [named["ConfigMap", source["configMap"]["name"]]["binaryData"] for source in parts]
    packed = b"".join(base64.b64decode(each[key]) for each in maps for key in sorted(each))
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        programs = [one.name for one in archive.getmembers() if one.isfile() and one.mode & 0o100]
    assert programs and all(name.endswith("server.py") for name in programs)


def test_secrets_reach_sealed_services_only() -> None:
    assert environment("p-front", "front")["BROWNOUT_TOKEN"]["valueFrom"]["secretKeyRef"]["name"] == "secrets"
    assert "BROWNOUT_TOKEN" not in environment("p-shop", "shop")


def test_nothing_is_allowed_but_networks_and_the_post() -> None:
    policies = of_kind("NetworkPolicy")
    assert sorted(policies) == ["deny-all", "from-post", "network-edge", "network-inside"]
    assert policies["deny-all"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for name in ("network-edge", "network-inside"):
        (egress,) = policies[name]["spec"]["egress"]
        assert [set(peer) for peer in egress["to"]] == [{"podSelector"}]


def test_no_service_reaches_our_supervisors() -> None:
    (ingress,) = of_kind("NetworkPolicy")["network-inside"]["spec"]["ingress"]
    for rule in ingress["ports"]:
        assert rule["endPort"] < FIRST_CONTROL or rule["port"] > LAST_CONTROL


def test_the_namespace_is_restricted_and_its_quota_fits() -> None:
    ((_, space),) = of_kind("Namespace").items()
    assert space["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    hard = of_kind("ResourceQuota")["quota"]["spec"]["hard"]
    assert hard == quota([pod("p-front"), pod("p-shop")])["spec"]["hard"]
    assert hard["pods"] == "2" and hard["services.nodeports"] == "0"


def test_dollars_are_left_alone_by_kubernetes(tmp_path: Path) -> None:
    text = 'services: {a: {image: brownout/core, command: ["$(X)", "$Y"], environment: {K: "$(Z)"}}}'
    (tmp_path / "compose.yaml").write_text(text)
    made = {one["kind"]: one for one in manifests(load_system(tmp_path / "compose.yaml"))}
    (container,) = made["StatefulSet"]["spec"]["template"]["spec"]["containers"]
    assert container["command"][-2:] == ["$$(X)", "$$Y"]
    assert {"name": "K", "value": "$$(Z)"} in container["env"]


def probed(owner_pid: int | None) -> list[str]:
    """The services that the cluster asks whether they are ready, of a system that one process owns or nobody does."""
    system = load_system(TOY, ("code",))
    request = Request(name="toy-1", open_root=TOY.parent, owner_pid=owner_pid)
    making = Making(system, request, {f"brownout/{name}": name for name in system.images}, "nowhere")
    plan = making.plan(making._record())
    return [
        one["name"]
        for manifest in render.workloads(system, plan, {})
        for one in manifest["spec"]["template"]["spec"]["containers"]
        if "readinessProbe" in one
    ]


def test_only_systems_that_people_start_are_asked_whether_they_are_ready() -> None:
    services = load_system(TOY, ("code",)).services.values()
    asked = [service.name for service in services if f"//{service.name}:" in (service.ready or "")]

    assert asked and sorted(probed(None)) == sorted(asked)
    assert probed(os.getpid()) == []


def test_what_is_described_is_the_same_twice_and_yaml() -> None:
    system = load_system(TOY, ("code",))
    assert describe(system) == describe(system)
    assert [one["kind"] for one in yaml.safe_load_all(describe(system))][0] == "Namespace"
