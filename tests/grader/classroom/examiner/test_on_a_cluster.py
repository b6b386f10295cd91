"""On a real cluster, with a lab of one service whose exam takes ten seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from grader.classroom.cluster import store
from grader.classroom.cluster.model import State
from grader.classroom.examiner import manifests, notice, spaces
from grader.course import catalog
from infra.k8s import cluster
from tests.grader.classroom.small import Small, a_context, packed
from tests.grader.course import Course
from tests.infra.toy import eventually

pytestmark = pytest.mark.timeout(600)
EXAM_S = 240.0
"""One exam, with room for a busy machine on which it has to be held three times."""
CLOCK_S = 1.1
"""The cluster's clock counts seconds; of two submissions of one second either may be the older."""


@pytest.fixture
def small(desk: Course) -> Iterator[Small]:
    made = Small(a_context(), ["desk"], ["ada", "bob"])
    try:
        made.begin(exams=1, busy=1000.0)
        yield made
    finally:
        made.end()


REACH = """
import socket, sys
for host, port in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        socket.create_connection((host, int(port)), 2).close()
        print("yes")
    except OSError:
        print("no")
"""


def control(name: str) -> str:
    """A control of the lab as its author would submit it."""
    files = catalog.find_scenario(catalog.find_lab("desk")).edited(name)
    return packed({str(path): file.data for path, file in files.items()})


def shipped() -> str:
    return control("shipped")


def test_verdicts_are_right_though_examiner_and_exam_are_killed(small: Small) -> None:
    good = small.submit("ada", "desk", control("reference"))
    time.sleep(CLOCK_S)
    second = small.submit("ada", "desk", control("fake-swallow"))
    time.sleep(CLOCK_S)
    bad = small.submit("bob", "desk", shipped())
    begun: list[str] = []
    killed: list[str] = []

    def watch() -> None:
        for one in small.submissions():
            if one.state is State.RUNNING and one.uid not in begun:
                begun.append(one.uid)
        running = [pod for pod in small.pods("exam-") if pod["status"]["phase"] == "Running"]
        if not killed and running and spaces.made(small.context, small.id):
            killed.extend([*small.kill("examiner-"), *small.kill("exam-")])

    found = {one.uid: one for one in small.until_done(3 * EXAM_S, watch)}
    assert len(killed) == 2, killed
    assert begun == [good.uid, bad.uid, second.uid], "a person's second waits behind all others' first"
    assert [found[one.uid].verdict for one in (good, second, bad)] == ["pass", "fail", "fail"]
    assert found[good.uid].tries >= 2 and not found[good.uid].reasons
    assert found[bad.uid].reasons and found[bad.uid].objectives
    for one in found.values():
        assert '"verdict"' in small.result(one)["data"]["result.json"]
        assert {"report.html.gz", "logs.tar.gz"} <= set(small.result(one)["binaryData"])
    eventually(lambda: set(small.spaces()) == small.places() and not small.pods("exam-"), 60.0)
    assert not [space for space in spaces.strays(small.context) if space.exam in str(killed)]


def test_what_cannot_be_examined_is_told_and_hints_are_given(small: Small) -> None:
    small.submit("ada", "desk", "no archive")
    small.submit("bob", "canary", shipped())
    store.tell(small.context, small.desk("ada"), "desk", {"hintsWanted": 2})
    first, other = small.until_done(EXAM_S)
    assert (first.verdict, first.reasons[0][:50]) == ("fail", "It was not examined: what was submitted is not bas")
    assert other.reasons == ("There is no lab 'canary' in this workshop; it has desk.",)
    assert len(eventually(lambda: store.desk(small.context, small.desk("ada"), "desk").hints)) == 2
    up = eventually(lambda: notice.read(small.context, small.id))
    assert (up.at_once, up.held) == (1, "")


def test_the_examiners_pod_reaches_the_api_server_and_nothing_else(small: Small) -> None:
    eventually(lambda: notice.read(small.context, small.id))
    dns = cluster.call(small.context, "GET", "/api/v1/namespaces/kube-system/services/kube-dns")["spec"]["clusterIP"]
    (door, *_) = manifests.doors(small.context)
    assert reached(small, [*door, dns, 53, dns, 9153]) == [True, False, False]


def reached(small: Small, places: list[object]) -> list[bool]:
    """Which of these hosts and ports (in turn) the examiner's pod can connect to."""
    from kubernetes.stream import stream

    (pod,) = [one["metadata"]["name"] for one in small.pods("examiner-") if one["status"]["phase"] == "Running"]
    exec_in = cluster.core(small.context).connect_get_namespaced_pod_exec
    command = ["python", "-c", REACH, *map(str, places)]
    said = stream(exec_in, pod, small.space, container="examiner", command=command, stdout=True, stderr=True)
    return [word == "yes" for word in said.split()]
