"""What a workshop needs, what the cluster has left, and whether that is enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from grader.classroom.cluster import objects
from grader.classroom.planning.plan import Plan
from grader.classroom.planning.room import Fit, Node, Pod, fit
from grader.course import catalog, measured, systems
from grader.course.measured import CONTAINER_BYTES, GRADER_BYTES, POST_BYTES
from infra.k8s import cluster, post
from infra.k8s.describe import manifests
from infra.k8s.policies import amount

METRICS = "/apis/metrics.k8s.io/v1beta1/nodes"

GRADER = Pod("grader", 100, GRADER_BYTES)
"""The process that holds an exam, and the examiner itself."""

SYSTEM = Pod("system", 950, 1 << 30)
"""What the cluster's own pods ask for on a node of kind, and what its processes use, rounded up."""

SYSTEM_PODS, MOST_PODS = 12, 240
"""How many those are at most; and how many pods a node takes as infra/k8s/kind.yaml sets it up."""


@dataclass(frozen=True)
class Need:
    """What one system of a lab needs.

    Attributes:
        limits: memory that its pods could use at most, bytes.
        cores: processors that it was measured to use in practice, None where it was not.
        known: whether its memory was measured; else its limits are counted.
    """

    lab: str
    pods: tuple[Pod, ...]
    limits: int
    cores: float | None
    known: bool

    @property
    def memory(self) -> int:
        """Of all its pods, bytes."""
        return sum(pod.memory for pod in self.pods)


@dataclass(frozen=True)
class Size:
    """A workshop against a cluster.

    Attributes:
        needs: of each lab.
        exam: pods of the largest exam.
        exams: how many at once are reckoned with.
        nodes: as they are without this workshop; `unused` says of others why they are not counted.
        cores: processors of all nodes, as they are.
        wanted: participants.
    """

    needs: tuple[Need, ...]
    exam: tuple[Pod, ...]
    exams: int
    nodes: tuple[Node, ...]
    unused: tuple[str, ...]
    cores: float
    wanted: int
    fit: Fit

    @property
    def fits(self) -> bool:
        """Whether everybody does."""
        return self.fit.exams and self.fit.participants >= self.wanted


def size(context: str, plan: Plan) -> Size:
    """Reckon.

    Raises:
        BadInput: a lab cannot be read.
        PlatformBroken: the cluster is away, or refused.
    """
    return _reckoned(plan, *_nodes(context, plan.workshop))


def on_a_node(plan: Plan, cores: int, memory: int) -> Size:
    """Reckon with a cluster of one node that has nothing else to do, of so many processors and bytes of memory.

    Raises:
        BadInput: a lab cannot be read.
    """
    name = f"{cores} processors, {memory >> 30} GiB"
    node = Node(name, 1000 * cores - SYSTEM.cpu, memory - SYSTEM.memory, MOST_PODS - SYSTEM_PODS)
    return _reckoned(plan, (node,), (), cores)


def _reckoned(plan: Plan, nodes: tuple[Node, ...], unused: tuple[str, ...], cores: float) -> Size:
    needs = tuple(need(lab) for lab in plan.labs)
    exam = max((_exam(one) for one in needs), key=lambda pods: sum(pod.memory for pod in pods))
    exams = int(plan.exams_at_once) if plan.exams_at_once.isdecimal() else 1
    participant = [pod for one in needs for pod in one.pods]
    found = fit(nodes, [GRADER, *exam * exams], participant, len(plan.people))
    return Size(needs, exam, exams, nodes, unused, cores, len(plan.people), found)


def need(lab_id: str) -> Need:
    """What a lab's system needs, as it is rendered and was measured.

    Raises:
        BadInput, SystemInvalid: it cannot be read.
    """
    found = measured.read(lab_id)
    system = systems.system(catalog.find_lab(lab_id))
    specs = {
        one["metadata"]["name"]: one["spec"]["template"]["spec"]
        for one in manifests(system)
        if one["kind"] == "StatefulSet"
    }
    return Need(
        lab=lab_id,
        pods=tuple(_pod(name, spec, found.pods.get(name) if found else None) for name, spec in specs.items()),
        limits=sum(_together(spec, "limits", "memory") for spec in specs.values()),
        cores=found.cores if found else None,
        known=found is not None,
    )


def _pod(name: str, spec: dict[str, Any], used: int | None) -> Pod:
    asked = _together(spec, "requests", "memory")
    if used is None:
        memory = _together(spec, "limits", "memory")
    else:
        memory = max(asked, used + CONTAINER_BYTES * len(spec["containers"]))
    return Pod(name, _together(spec, "requests", "cpu"), memory)


def _together(spec: dict[str, Any], kind: str, what: str) -> int:
    return sum(amount(one["resources"][kind][what]) for one in spec["containers"])


def _exam(one: Need) -> tuple[Pod, ...]:
    """All pods of one exam of a lab: its trials side by side, the post, and who holds it."""
    parallel = catalog.find_scenario(catalog.find_lab(one.lab)).spec.parallel
    asked = post.RESOURCES["requests"]
    stand = Pod("post", amount(asked["cpu"]), max(amount(asked["memory"]), POST_BYTES))
    return (*one.pods * parallel, stand, GRADER)


def _nodes(context: str, workshop: str) -> tuple[tuple[Node, ...], tuple[str, ...], float]:
    with cluster.talking("looking at the nodes"):
        nodes = cluster.call(context, "GET", "/api/v1/nodes")["items"]
        pods = cluster.call(context, "GET", "/api/v1/pods")["items"]
        mine = {space["metadata"]["name"] for space in objects.namespaces(context, workshop)}
        usage = objects.find(context, METRICS)
    others = [pod for pod in pods if _counts(pod) and pod["metadata"]["namespace"] not in mine]
    here = any(_counts(pod) and pod["metadata"]["namespace"] in mine for pod in pods)
    used = {} if here or usage is None else {one["metadata"]["name"]: one["usage"] for one in usage["items"]}
    usable = [node for node in nodes if not _excuse(node)]
    left = tuple(_left(node, [p for p in others if p["spec"].get("nodeName") == _name(node)], used) for node in usable)
    cores = sum(_amount(node["status"]["allocatable"]["cpu"]) for node in usable)
    return left, tuple(f"{_name(node)} {why}" for node in nodes if (why := _excuse(node))), cores


def _left(node: dict[str, Any], pods: Sequence[dict[str, Any]], used: dict[str, dict[str, str]]) -> Node:
    """What a node has beside these pods; where it tells what is really used, that counts if it is more."""
    there = node["status"]["allocatable"]
    asked = {what: sum(_asked(pod, what) for pod in pods) for what in ("cpu", "memory")}
    told = _amount(used.get(_name(node), {}).get("memory", "0"))
    return Node(
        name=_name(node),
        cpu=round(1000 * (_amount(there["cpu"]) - asked["cpu"])),
        memory=int(_amount(there["memory"]) - max(asked["memory"], told)),
        pods=int(_amount(there["pods"])) - len(pods),
    )


def _asked(pod: dict[str, Any], what: str) -> float:
    each = (one.get("resources", {}).get("requests", {}).get(what, "0") for one in pod["spec"]["containers"])
    return sum(_amount(one) for one in each)


def _counts(pod: dict[str, Any]) -> bool:
    return pod["status"].get("phase") not in ("Succeeded", "Failed")


def _excuse(node: dict[str, Any]) -> str:
    """Why no pod of ours would be placed on a node, or nothing."""
    return next(_excuses(node), "")


def _excuses(node: dict[str, Any]) -> Iterator[str]:
    if node["spec"].get("unschedulable"):
        yield "is cordoned"
    for taint in node["spec"].get("taints", ()):
        if taint["effect"] in ("NoSchedule", "NoExecute"):
            yield f"is tainted with {taint['key']}"
    ready = [one["status"] for one in node["status"].get("conditions", ()) if one["type"] == "Ready"]
    if ready != ["True"]:
        yield "is not ready"


def _name(node: dict[str, Any]) -> str:
    return str(node["metadata"]["name"])


def _amount(text: str) -> float:
    from kubernetes.utils.quantity import parse_quantity

    return float(parse_quantity(text))
