"""What closes a namespace in: network policies, quota, limits. Pure.

Nothing may go anywhere except what the lab declares: services on one network reach each other, on all ports but our
supervisors'. No network has a way out, declared internal or not; what listens on a published port is reached by the
grader's post, and through the API server by people.
"""

from __future__ import annotations

from typing import Any

from infra.k8s.names import FIRST_CONTROL, LAST_CONTROL, NETWORK, POST, ROLE, SYSTEM
from infra.k8s.pods import Pod

Manifest = dict[str, Any]
LAB_PORTS = [
    {"protocol": protocol, "port": first, "endPort": last}
    for protocol in ("TCP", "UDP")
    for first, last in ((1, FIRST_CONTROL - 1), (LAST_CONTROL + 1, 65535))
]


def restricted() -> dict[str, str]:
    """Labels of a namespace in which only pods of the strictest standard may run."""
    return {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "audit", "warn")}


def network_policies(networks: tuple[str, ...]) -> list[Manifest]:
    """Default deny, one policy a network, and the grader's post."""
    return [deny_all(), *(_network(name) for name in networks), _from_post()]


def deny_all() -> Manifest:
    """Nothing in, nothing out."""
    return _policy("deny-all", {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})


def limit_range() -> Manifest:
    """What a container gets that asks for nothing."""
    return {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": "limits"},
        "spec": {
            "limits": [
                {
                    "type": "Container",
                    "default": {"cpu": "500m", "memory": "128Mi"},
                    "defaultRequest": {"cpu": "10m", "memory": "16Mi"},
                }
            ]
        },
    }


def quota(pods: list[Manifest]) -> Manifest:
    """Room for exactly these pods (their specs), and for nothing that needs an address or a disk of its own."""
    totals = {
        f"{kind}.{what}": sum(_total(pod, kind, what) for pod in pods)
        for kind in ("requests", "limits")
        for what in ("cpu", "memory")
    }
    hard = {key: f"{value}m" if key.endswith("cpu") else str(value) for key, value in totals.items()}
    none = {"persistentvolumeclaims": "0", "services.nodeports": "0", "services.loadbalancers": "0"}
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "quota"},
        "spec": {"hard": {"pods": str(len(pods)), **hard, **none}},
    }


def _total(pod: Manifest, kind: str, what: str) -> int:
    """A pod's claim: its containers together, or its init container if that asks for more."""
    together = sum(amount(one["resources"][kind][what]) for one in pod["containers"])
    return max([together, *(amount(one["resources"][kind][what]) for one in pod["initContainers"])])


def amount(text: str) -> int:
    """Millicores (`250m`) or bytes (`1048576`) as a number."""
    return int(text.removesuffix("m"))


def labels_of(pod: Pod) -> dict[str, str]:
    """Labels by which policies know a pod."""
    return {NETWORK + name: "on" for name in pod.networks}


def _network(name: str) -> Manifest:
    same = {"podSelector": {"matchLabels": {NETWORK + name: "on"}}}
    spec = {
        **same,
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [same], "ports": LAB_PORTS}],
        "egress": [{"to": [same], "ports": LAB_PORTS}],
    }
    return _policy(f"network-{name}", spec)


def _from_post() -> Manifest:
    post = {"namespaceSelector": {"matchLabels": {ROLE: POST}}}
    return _policy("from-post", {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"from": [post]}]})


def to_systems() -> Manifest:
    """What a post may reach: the systems of labs."""
    systems = {"namespaceSelector": {"matchLabels": {ROLE: SYSTEM}}}
    return _policy("to-systems", {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [systems]}]})


def _policy(name: str, spec: Manifest) -> Manifest:
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": name}, "spec": spec}
