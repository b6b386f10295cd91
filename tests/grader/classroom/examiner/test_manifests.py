"""What `lab workshop create` makes for the examiner."""

from __future__ import annotations

from typing import Any

import pytest

from grader.classroom.cluster.names import EXAM, WORKSHOP
from grader.classroom.examiner import manifests, pods
from grader.classroom.examiner.pods import Setting
from infra.k8s import check
from infra.k8s.bundle import PART_BYTES
from infra.k8s.names import LABELS
from tests.grader.classroom.examiner.made import sent

DOORS = (("10.96.0.1", 443), ("fd00::1", 6443))
SETTINGS = manifests.Settings(DOORS, exams=3, busy=2.5)
SETTING = Setting("spring", "brownout/examiner:1", 2)


@pytest.fixture
def made() -> list[dict[str, Any]]:
    return manifests.manifests("spring", "brownout/examiner:1", bytes(PART_BYTES + 1), SETTINGS)


def of(made: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    (found,) = [one for one in made if one["kind"] == kind]
    return found


def test_everything_is_labelled_and_in_the_teachers_namespace(made: list[dict[str, Any]]) -> None:
    for one in made:
        assert one["metadata"]["labels"] == {WORKSHOP: "spring"}
        assert one["kind"].startswith("Cluster") or one["metadata"]["namespace"] == "ws-spring"


def test_the_examiner_may_do_what_exams_need_and_no_more(made: list[dict[str, Any]]) -> None:
    rules = of(made, "ClusterRole")["rules"]
    allowed = {(g, r, v) for rule in rules for g in rule["apiGroups"] for r in rule["resources"] for v in rule["verbs"]}
    needed = {(group, kind, verb) for group, kind, verbs in check.NEEDED for verb in verbs.split()}
    assert needed <= allowed
    assert {kind for _, kind, _ in allowed - needed} == {
        "desks",
        "submissions",
        "desks/status",
        "submissions/status",
    }
    assert not any("*" in (group, kind, verb) or "role" in kind for group, kind, verb in allowed)


def test_its_pods_reach_the_api_server_and_nothing_else(made: list[dict[str, Any]]) -> None:
    spec = of(made, "NetworkPolicy")["spec"]
    assert spec["podSelector"] == {} and spec["ingress"] == []
    ways = {(way["to"][0]["ipBlock"]["cidr"], way["ports"][0]["port"]) for way in spec["egress"]}
    assert ways == {("10.96.0.1/32", 443), ("fd00::1/128", 6443)}


def test_a_changed_course_begins_the_examiner_anew(made: list[dict[str, Any]]) -> None:
    other = manifests.manifests("spring", "brownout/examiner:1", b"other", SETTINGS)
    notes = [of(one, "Deployment")["spec"]["template"]["metadata"]["annotations"] for one in (made, other)]
    assert notes[0] != notes[1]


def test_there_is_one_examiner_at_a_time(made: list[dict[str, Any]]) -> None:
    spec = of(made, "Deployment")["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    command = spec["template"]["spec"]["containers"][0]["command"]
    assert command[command.index("--exams") + 1] == "3" and command[command.index("--busy") + 1] == "2.5"
    assert command[command.index("--parts") + 1] == "2"


def test_a_job_is_named_after_the_submission_and_the_try() -> None:
    one = sent(7, "a", tries=2)
    job = pods.job(one, SETTING)
    assert job["metadata"]["name"] == f"exam-{one.uid}-2" and job["spec"]["backoffLimit"] == 0
    (container,) = job["spec"]["template"]["spec"]["containers"]
    environment = {pair["name"]: pair["value"] for pair in container["env"]}
    assert environment["BROWNOUT_HOME"].endswith(f"exam-{one.uid}-2")
    assert environment[LABELS] == f"{WORKSHOP}=spring,{EXAM}=exam-{one.uid}-2"


def test_pods_keep_to_the_strictest_standard() -> None:
    pod = pods.pod(SETTING, "loop", ["x"], {})
    assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["seccompProfile"]
    for container in (*pod["initContainers"], *pod["containers"]):
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
