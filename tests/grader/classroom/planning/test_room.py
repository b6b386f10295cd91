"""Whether a workshop fits: reckoned pod by pod."""

from __future__ import annotations

import json
from typing import Any

import pytest

from grader.classroom.planning import size
from grader.classroom.planning.people import Person
from grader.classroom.planning.plan import Plan
from grader.classroom.planning.room import Node, Pod, fit
from grader.course import measured
from grader.course.measured import Measured
from grader.errors import BadInput
from infra.k8s import cluster
from tests.grader.course import Course

SMALL, LARGE = Pod("small", 10, 100), Pod("large", 10, 400)


def test_everybody_fits_where_there_is_room() -> None:
    found = fit([Node("n", 1000, 10_000, 110)], [LARGE], [SMALL, LARGE], 10)
    assert (found.participants, found.exams, found.lack) == (10, True, "")
    assert found.most == (10_000 - 400) // 500


@pytest.mark.parametrize(
    ("node", "lack"),
    [
        (Node("n", 1000, 10_000, 7), "pods"),
        (Node("n", 1000, 1_900, 110), "memory"),
        (Node("n", 75, 10_000, 110), "cpu"),
    ],
)
def test_what_is_scarce_is_named(node: Node, lack: str) -> None:
    found = fit([node], [SMALL], [SMALL, LARGE], 10)
    assert (found.participants, found.exams, found.lack) == (3, True, lack)


def test_a_pod_is_not_cut_in_two() -> None:
    halves = [Node("a", 1000, 300, 110), Node("b", 1000, 300, 110)]
    assert fit(halves, [], [LARGE], 1).participants == 0
    assert fit(halves, [], [SMALL], 6).participants == 6


def test_without_room_for_an_exam_nobody_is_counted() -> None:
    found = fit([Node("n", 1000, 300, 110)], [LARGE], [SMALL], 2)
    assert (found.participants, found.exams, found.lack) == (0, False, "memory")


def test_without_a_node_nothing_fits() -> None:
    assert fit([], [], [SMALL], 1).lack == "nodes"


def node(name: str = "n", pods: str = "110", **spec: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": name},
        "spec": spec,
        "status": {
            "allocatable": {"cpu": "1900m", "memory": "4Gi", "pods": pods},
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    }


def pod(space: str, memory: str, phase: str = "Running") -> dict[str, Any]:
    asked = {"cpu": "100m", "memory": memory}
    return {
        "metadata": {"name": "p", "namespace": space},
        "spec": {"nodeName": "n", "containers": [{"resources": {"requests": asked}}]},
        "status": {"phase": phase},
    }


class Answers:
    """An API server that has these objects."""

    def __init__(self, nodes: list[Any], pods: list[Any], mine: list[str], usage: str = "") -> None:
        self._lists = {
            "/api/v1/nodes": nodes,
            "/api/v1/pods": pods,
            "/api/v1/namespaces": [{"metadata": {"name": name, "labels": {}}} for name in mine],
        }
        if usage:
            self._lists[size.METRICS] = [{"metadata": {"name": "n"}, "usage": {"cpu": "1", "memory": usage}}]

    def __call__(self, context: str, method: str, path: str, *_: Any, **__: Any) -> dict[str, Any]:
        if path not in self._lists:
            from kubernetes.client import ApiException

            raise ApiException(status=404)
        return {"items": self._lists[path]}


@pytest.fixture
def plan(desk: Course) -> Plan:
    people = tuple(Person(f"p{number}", "P", "n") for number in range(3))
    return Plan("spring", ("desk",), people, 4.0, "", "2", 20, "")


def test_only_what_is_left_on_usable_nodes_counts(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    tainted = node("control", taints=[{"key": "control-plane", "effect": "NoSchedule"}])
    pods = [pod("other", "1Gi"), pod("done", "1Gi", "Succeeded"), pod("lab-mine", "2Gi")]
    monkeypatch.setattr(
        cluster, "call", Answers([node(), tainted, node("off", unschedulable=True)], pods, ["lab-mine"])
    )

    found = size.size("here", plan)

    assert found.nodes == (Node("n", 1800, 3 << 30, 109),)
    assert found.unused == ("control is tainted with control-plane", "off is cordoned")
    assert (found.exams, found.wanted, found.cores) == (2, 3, 1.9)


def test_memory_that_is_used_counts_if_it_is_more_than_was_asked_for(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "call", Answers([node()], [pod("other", "1Gi")], [], usage="2Gi"))
    assert size.size("here", plan).nodes == (Node("n", 1800, 2 << 30, 109),)


def test_a_lab_that_was_not_measured_counts_with_its_limits(desk: Course) -> None:
    found = size.need("desk")
    assert not found.known and found.memory == found.limits

    measured.write("desk", Measured({"p-desk": 70 << 20}, 0.02, "by hand"))
    found = size.need("desk")

    assert found.known and (70 << 20) < found.memory < found.limits and found.cores == 0.02


def test_a_damaged_measurement_says_how_to_make_another(desk: Course) -> None:
    measured.path("desk").write_text(json.dumps({"pods": {}}), "utf-8")
    with pytest.raises(BadInput, match=r"is damaged: measure again with `python -m benchmarks.room desk`"):
        measured.read("desk")
