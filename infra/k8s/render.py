"""From a system to the manifests that run it. Pure: it reads no disk and asks no cluster."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from infra.common.manifest import QUIET_PYTHON, escape
from infra.images.tags import USER
from infra.k8s import policies
from infra.k8s.bundle import parts, portions
from infra.k8s.content import Content
from infra.k8s.names import BIN, CODE, COURIER, PARTS, POD, STATE, alias
from infra.k8s.pods import Pod, pods, ports_of
from infra.k8s.policies import Manifest
from infra.system import Service, System

MIB = 1 << 20
OVERHEAD_BYTES = 32 * MIB
"""Memory of a supervisor, on top of what the lab gives the service."""

NOBODY = "nobody"
PYTHON = ["python3", "-E", "-s", "-S", "-B"]
HARDENED: Manifest = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
SMALL: Manifest = {
    "requests": {"cpu": "10m", "memory": str(16 * MIB)},
    "limits": {"cpu": "1000m", "memory": str(96 * MIB)},
}


@dataclass(frozen=True)
class Plan:
    """What a rendering needs beside the system.

    Attributes:
        namespace: its name; `labels` and `annotations` are put on it, the labels on everything else too.
        images: full tag of each image, by its name in the system (`brownout/core`).
        secrets: environment for sealed services.
        tokens: of the supervisors, by service; `courier` of those that bring code, by pod.
        scripts: file name to text, of `infra.k8s.inside`.
        content: what is mounted in the pods.
        probed: whether the cluster asks services if they are ready, for people who look at its lists. All pods of a
            system turn ready in the same instant, about ten seconds after they began, which makes a burst of work.
    """

    namespace: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    images: Mapping[str, str]
    secrets: Mapping[str, str]
    tokens: Mapping[str, str]
    scripts: Mapping[str, str]
    content: Content = field(default_factory=Content)
    probed: bool = True


def foundation(system: System, plan: Plan) -> list[Manifest]:
    """All that pods need to be there first: the namespace leads."""
    every = pods(system)
    networks = tuple(dict.fromkeys(name for pod in every for name in pod.networks))
    specs = [_pod(pod, plan, {}) for pod in every]
    found = [
        namespace(plan),
        nobody(),
        policies.limit_range(),
        policies.quota(specs),
        *policies.network_policies(networks),
        secret("secrets", plan.secrets),
        secret("control", plan.tokens),
        *code(plan, every),
        *(_service(pod, service) for pod in every for service in pod.services if ports_of(service)),
    ]
    return [placed(one, plan) for one in found]


def workloads(system: System, plan: Plan, addresses: Mapping[str, str]) -> list[Manifest]:
    """One StatefulSet a pod; `addresses` are the cluster's for each service that has ports."""
    return [
        placed(stateful(pod.name, _pod(pod, plan, addresses), {**plan.labels, **policies.labels_of(pod)}), plan)
        for pod in pods(system)
    ]


def namespace(plan: Plan) -> Manifest:
    """The closed namespace itself."""
    labels = {**policies.restricted(), **plan.labels}
    metadata = {"name": plan.namespace, "labels": labels, "annotations": dict(plan.annotations)}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def nobody() -> Manifest:
    """A service account without rights and without a token."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": NOBODY},
        "automountServiceAccountToken": False,
    }


def code(plan: Plan, every: tuple[Pod, ...]) -> Iterator[Manifest]:
    """ConfigMaps: our scripts, and the content of each pod."""
    yield {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "bin"}, "data": dict(plan.scripts)}
    for pod in every:
        yield from archive(pod.name, plan.content.archives.get(pod.name, b""))
        for number, share in enumerate(portions(plan.content.files.get(pod.name, {}))):
            yield _binary(f"{pod.name}-{number}", {key: share[path] for key, path in keyed(share)})


def keyed(share: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """The key of each path in its ConfigMap, which allows no slashes."""
    return [(f"file-{number:04}", path) for number, path in enumerate(share)]


def archive(name: str, packed: bytes) -> Iterator[Manifest]:
    """ConfigMaps that hold an archive in parts."""
    for number, part in enumerate(parts(packed)):
        yield _binary(f"{name}-{number}", {f"part-{number:04}": part})


def _binary(name: str, data: Mapping[str, bytes]) -> Manifest:
    encoded = {key: base64.b64encode(value).decode() for key, value in data.items()}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "binaryData": encoded}


def secret(name: str, values: Mapping[str, str]) -> Manifest:
    """A Secret of plain texts."""
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": dict(values)}


def _service(pod: Pod, service: Service) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": alias(service.name)},
        "spec": {
            "selector": {POD: pod.name},
            "publishNotReadyAddresses": True,
            "ports": [{"name": f"port-{port}", "port": port, "targetPort": port} for port in ports_of(service)],
        },
    }


def stateful(name: str, pod: Manifest, labels: Mapping[str, str]) -> Manifest:
    """One pod, `<name>-0`, made again under the same name should the cluster lose it."""
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": name},
        "spec": {
            "replicas": 1,
            "podManagementPolicy": "Parallel",
            "serviceName": name,
            "selector": {"matchLabels": {POD: name}},
            "template": {"metadata": {"labels": {**labels, POD: name}}, "spec": pod},
        },
    }


def _pod(pod: Pod, plan: Plan, addresses: Mapping[str, str]) -> Manifest:
    image = plan.images[pod.services[0].image]
    containers = [_container(pod, service, plan) for service in pod.services]
    if pod.open:
        containers.append(_courier(image, plan.tokens))
    first = [] if pod.name in plan.content.files else [prepare(image, guarded=pod.open)]
    return {
        **closed_pod(pod.services[0].name),
        "hostAliases": [{"ip": ip, "hostnames": [name]} for name, ip in addresses.items()],
        "initContainers": first,
        "containers": containers,
        "volumes": _volumes(pod, plan),
    }


def closed_pod(hostname: str) -> Manifest:
    """What every pod of ours has: no rights, no token, no names but those given, an unprivileged user."""
    return {
        "hostname": hostname[:63],
        "serviceAccountName": NOBODY,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "dnsPolicy": "None",
        "dnsConfig": {"nameservers": ["127.0.0.1"]},
        "terminationGracePeriodSeconds": 1,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }


def prepare(image: str, *, guarded: bool) -> Manifest:
    """The init container that unpacks the code, and for a candidate's pod waits until it is closed in."""
    return {
        "name": "prepare",
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": [*PYTHON, f"{BIN}/prepare.py", PARTS, CODE, *(["guarded"] if guarded else [])],
        "resources": SMALL,
        "securityContext": HARDENED,
        "volumeMounts": [seen("bin", BIN), seen("parts", PARTS), {"name": "code", "mountPath": CODE}],
    }


def _courier(image: str, tokens: Mapping[str, str]) -> Manifest:
    return {
        "name": "courier",
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": [*PYTHON, f"{BIN}/courier.py", str(COURIER), CODE],
        "env": [from_secret("BROWNOUT_CONTROL", "control", "courier")],
        "resources": SMALL,
        "securityContext": HARDENED,
        "volumeMounts": [seen("bin", BIN), {"name": "code", "mountPath": CODE}],
    }


def _container(pod: Pod, service: Service, plan: Plan) -> Manifest:
    supervised = [f"{BIN}/supervisor.py", str(pod.control(service.name)), STATE, service.working_dir or "/"]
    container = {
        "name": service.name,
        "image": plan.images[service.image],
        "imagePullPolicy": "IfNotPresent",
        "command": [*PYTHON, *supervised, *escape(list(service.command))],
        "env": list(_environment(service, plan)),
        "ports": [{"containerPort": port} for port in ports_of(service)],
        "resources": _resources(service),
        "securityContext": HARDENED,
        "volumeMounts": list(_mounts(service)),
    }
    probe = _probe(service) if plan.probed else None
    return {**container, "readinessProbe": probe} if probe else container


def _environment(service: Service, plan: Plan) -> Iterator[Manifest]:
    for name, value in {**QUIET_PYTHON, **service.environment}.items():
        if service.open or name not in plan.secrets:
            yield {"name": name, "value": escape(value)}
    if not service.open:
        for name in plan.secrets:
            yield from_secret(name, "secrets", name)
    yield from_secret("BROWNOUT_CONTROL", "control", service.name)


def from_secret(name: str, secret: str, key: str) -> Manifest:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def _resources(service: Service) -> Manifest:
    memory = service.memory_bytes + OVERHEAD_BYTES
    return {
        "requests": {"cpu": "10m", "memory": str(memory // 4)},
        "limits": {"cpu": f"{max(10, round(service.cpus * 1000))}m", "memory": str(memory)},
    }


def _mounts(service: Service) -> Iterator[Manifest]:
    yield seen("bin", BIN)
    yield {"name": f"state-{service.name}", "mountPath": STATE}
    yield {"name": f"tmp-{service.name}", "mountPath": "/tmp"}
    for number, mount in enumerate(service.mounts):
        yield {**seen("code", str(mount.target)), "subPath": f"{service.name}/{number}"}
    for volume in service.volumes:
        yield {"name": f"volume-{volume.name}", "mountPath": str(volume.target)}


def seen(volume: str, path: str) -> Manifest:
    """A mount that cannot be written."""
    return {"name": volume, "mountPath": path, "readOnly": True}


def _volumes(pod: Pod, plan: Plan) -> list[Manifest]:
    return [
        *_code(pod.name, plan.content),
        *({"name": f"state-{service.name}", "emptyDir": {"sizeLimit": "64Mi"}} for service in pod.services),
        *({"name": f"tmp-{s.name}", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}} for s in pod.services),
        *({"name": f"volume-{name}", "emptyDir": {"sizeLimit": "1Gi"}} for name in pod.volumes),
    ]


def _code(name: str, content: Content) -> list[Manifest]:
    files = content.files.get(name)
    return code_volumes(name, content.archives.get(name, b"")) if files is None else _shown(name, files)


def _shown(name: str, files: Mapping[str, bytes]) -> list[Manifest]:
    """Our scripts, and files as the cluster shows them."""
    maps = [
        {"configMap": {"name": f"{name}-{number}", "items": [{"key": key, "path": path} for key, path in keyed(share)]}}
        for number, share in enumerate(portions(files))
    ]
    return [{"name": "bin", "configMap": {"name": "bin"}}, {"name": "code", "projected": {"sources": maps}}]


def code_volumes(name: str, packed: bytes) -> list[Manifest]:
    """Our scripts, the parts of an archive, and the folder that they are unpacked in."""
    maps = [{"configMap": {"name": f"{name}-{number}"}} for number in range(len(parts(packed)))]
    return [
        {"name": "bin", "configMap": {"name": "bin"}},
        {"name": "parts", "projected": {"sources": maps}},
        {"name": "code", "emptyDir": {"sizeLimit": "128Mi"}},
    ]


def _probe(service: Service) -> Manifest | None:
    """What a person sees as READY; nothing of ours waits for it."""
    parts = urlsplit(service.ready or "")
    if parts.hostname != service.name:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return {"httpGet": {"path": path, "port": parts.port}, "periodSeconds": 10, "timeoutSeconds": 1}


def placed(manifest: Manifest, plan: Plan) -> Manifest:
    """The same in the plan's namespace, with its labels."""
    if manifest["kind"] == "Namespace":
        return manifest
    metadata: dict[str, Any] = {**manifest["metadata"], "namespace": plan.namespace, "labels": dict(plan.labels)}
    return {**manifest, "metadata": metadata}


def addresses(system: System, made: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The cluster's address of each service, from the Service objects as the cluster keeps them."""
    found = {one["metadata"]["name"]: one["spec"]["clusterIP"] for one in made if one["kind"] == "Service"}
    return {name: found[alias(name)] for name in system.services if alias(name) in found}
