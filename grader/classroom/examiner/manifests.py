"""What the examiner needs in a cluster, for `lab workshop create` to make. Pure, but for `doors`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.classroom.cluster.names import (
    COURSE,
    DESKS,
    EXAMINER,
    GROUP,
    SUBMISSIONS,
    WORKSHOP,
    cluster_role,
    teacher_namespace,
)
from grader.classroom.examiner import capacity
from grader.classroom.examiner.pods import Setting, pod
from infra.k8s import bundle, check, cluster, inside, render
from infra.k8s.names import PREFIX
from infra.k8s.policies import Manifest

IMAGE = "examiner"
"""Short name of the image; `infra.k8s.check.images` knows its tag."""

COURSE_NOTE = PREFIX + "course"
RBAC = "rbac.authorization.k8s.io"


@dataclass(frozen=True)
class Settings:
    """How a workshop's exams are held.

    Attributes:
        doors: addresses and ports of the API server, see `doors`.
        exams: how many at once; 0 for as many as the cluster has room for.
        busy: no exam begins while the metronome's work takes longer than this many times what it takes alone.
        base: environment variable BASE_IMAGE where the images were built, or empty.
    """

    doors: tuple[tuple[str, int], ...]
    exams: int = 0
    busy: float = capacity.BUSY
    base: str = ""


def doors(context: str) -> tuple[tuple[str, int], ...]:
    """Where pods reach the API server: its Service, and what stands behind it.

    Raises:
        PlatformBroken: the cluster is away or refused.
    """
    with cluster.talking("looking for the API server's addresses"):
        service = cluster.call(context, "GET", "/api/v1/namespaces/default/services/kubernetes")["spec"]
        path = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
        slices = cluster.call(context, "GET", path, query=[("labelSelector", "kubernetes.io/service-name=kubernetes")])
    found = [(service["clusterIP"], int(port["port"])) for port in service["ports"]]
    for one in slices["items"]:
        pairs = [(end, port) for end in one["endpoints"] for port in one["ports"]]
        found += [(address, int(port["port"])) for end, port in pairs for address in end["addresses"]]
    return tuple(dict.fromkeys(found))


def manifests(workshop: str, image: str, archive: bytes, settings: Settings) -> list[Manifest]:
    """All objects, in an order in which they can be made; the teacher's namespace and its ConfigMap `workshop` are not
    among them, and have to be there.

    Args:
        image: full tag of the examiner's image.
        archive: labs, scenarios and engine, see `grader.classroom.teacher.course`.
    """
    space = teacher_namespace(workshop)
    setting = Setting(workshop, image, len(bundle.parts(archive)), settings.base)
    inner = [
        _account(),
        _role(),
        _binding(space),
        _policy(settings.doors),
        *course(archive),
        _deployment(setting, settings, archive),
    ]
    return [
        _cluster_role(workshop),
        _cluster_binding(workshop, space),
        *(
            {**one, "metadata": {**one["metadata"], "namespace": space, "labels": {WORKSHOP: workshop}}}
            for one in inner
        ),
    ]


def course(archive: bytes) -> list[Manifest]:
    """ConfigMaps with the archive, and the script that unpacks it."""
    scripts: Manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "bin"}, "data": inside.scripts()}
    return [scripts, *render.archive(COURSE, archive)]


def _account() -> Manifest:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": EXAMINER}}


def _role() -> Manifest:
    """In the teacher's namespace: jobs, and what exams say."""
    rules = [
        _rule("batch", ["jobs"], "create get list delete"),
        _rule("", ["configmaps"], "create get list patch delete"),
        _rule("", ["pods"], "get list"),
    ]
    return {"apiVersion": f"{RBAC}/v1", "kind": "Role", "metadata": {"name": EXAMINER}, "rules": rules}


def _binding(space: str) -> Manifest:
    return {**_bound("RoleBinding", "Role", EXAMINER, space), "metadata": {"name": EXAMINER}}


def _cluster_role(workshop: str) -> Manifest:
    """In all namespaces, since exams make theirs: what any exam in a cluster needs (to make ConfigMaps is of it, and
    enough for results), desks and submissions."""
    rules = [_rule(group, [kind], verbs) for group, kind, verbs in check.NEEDED]
    rules += [
        _rule(GROUP, [DESKS, SUBMISSIONS], "get list"),
        _rule(GROUP, [f"{DESKS}/status", f"{SUBMISSIONS}/status"], "patch"),
    ]
    metadata = {"name": cluster_role(workshop), "labels": {WORKSHOP: workshop}}
    return {"apiVersion": f"{RBAC}/v1", "kind": "ClusterRole", "metadata": metadata, "rules": rules}


def _cluster_binding(workshop: str, space: str) -> Manifest:
    metadata = {"name": cluster_role(workshop), "labels": {WORKSHOP: workshop}}
    return {**_bound("ClusterRoleBinding", "ClusterRole", cluster_role(workshop), space), "metadata": metadata}


def _bound(kind: str, role_kind: str, role: str, space: str) -> Manifest:
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": kind,
        "roleRef": {"apiGroup": RBAC, "kind": role_kind, "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": EXAMINER, "namespace": space}],
    }


def _rule(group: str, kinds: list[str], verbs: str) -> Manifest:
    return {"apiGroups": [group], "resources": kinds, "verbs": verbs.split()}


def _policy(found: Iterable[tuple[str, int]]) -> Manifest:
    """All pods of the teacher's namespace reach the API server, by address, and nothing else; nobody reaches them."""
    spec = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "ingress": [], "egress": list(_ways(found))}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": EXAMINER}, "spec": spec}


def _ways(found: Iterable[tuple[str, int]]) -> Iterator[Manifest]:
    for address, port in found:
        block = {"ipBlock": {"cidr": f"{address}/{128 if ':' in address else 32}"}}
        yield {"to": [block], "ports": [{"protocol": "TCP", "port": port}]}


def _deployment(setting: Setting, settings: Settings, archive: bytes) -> Manifest:
    """One pod, begun anew where the course has changed."""
    labels = {WORKSHOP: setting.workshop, "app": EXAMINER}
    command = ["grader.classroom.examiner", setting.workshop, "--image", setting.image, "--parts", str(setting.parts)]
    command += ["--exams", str(settings.exams), "--busy", f"{settings.busy:g}"]
    need = {"requests": {"cpu": "100m", "memory": "80Mi"}, "limits": {"cpu": "1000m", "memory": "256Mi"}}
    spec = {
        "replicas": 1,
        "strategy": {"type": "Recreate"},
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": labels, "annotations": {COURSE_NOTE: hashlib.sha256(archive).hexdigest()[:16]}},
            "spec": {**pod(setting, "loop", command, need), "terminationGracePeriodSeconds": 5},
        },
    }
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": EXAMINER}, "spec": spec}
