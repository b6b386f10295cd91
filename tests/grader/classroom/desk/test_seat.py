"""A participant's afternoon on a real cluster, from joining to leaving; the test is teacher and examiner."""

from __future__ import annotations

import base64
import gzip
import http.client
import io
import json
import os
import signal
import tarfile
import time
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.cluster import store
from grader.classroom.cluster.model import Objective, State, Submission
from grader.classroom.cluster.names import result_map
from grader.classroom.desk.kit import KIT, KUBECONFIG
from infra.errors import RuntimeUnavailable
from infra.k8s import check, cluster
from tests.grader.classroom.seat import Checkout, Teacher
from tests.grader.classroom.settling import settle
from tests.grader.course import Course
from tests.infra.toy import eventually

pytestmark = pytest.mark.timeout(300)
ROUTING = "work/desk/desk/routing.py"


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teacher]:
    folder = tmp_path_factory.mktemp("workshop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWNOUT_HOME", str(folder / "teachers-home"))
        patch.setenv("BROWNOUT_COURSE", str(folder / "course"))
        try:
            check.check(context := cluster.context())
        except RuntimeUnavailable as error:
            pytest.skip(str(error))
        course = Course(folder / "course")
        course.new("desk")
        made = Teacher(context, "desk", folder, course)
        try:
            made.make(folder / "kit")
            yield made
        finally:
            made.remove()


@pytest.fixture(scope="module")
def seat(teacher: Teacher) -> Iterator[Checkout]:
    """A checkout that joined."""
    made = Checkout(teacher.folder / "checkout", teacher.course)
    done = made.lab("join", str(teacher.folder / "kit"))
    assert done.returncode == 0, done.stderr
    assert "Otter" in done.stdout and "lab start desk" in done.stdout
    yield made
    made.lab("leave")


@pytest.fixture(scope="module")
def attended(seat: Checkout) -> Checkout:
    """The same, with its lab started."""
    done = seat.lab("start", "desk")
    assert done.returncode == 0, done.stderr
    assert "What you may edit" in done.stdout and "lab submit desk" in done.stdout
    return seat


def ask(checkout: Checkout) -> Any:
    """What the system says of a customer, as the participant reaches it; None while it does not answer."""
    url = checkout.lab("open", "desk", "--print").stdout.strip()
    return lambda: _answer(url)


def _answer(url: str) -> Any:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return json.load(answer)["team"]
    except (OSError, ValueError, http.client.HTTPException):  # a restart may cut an answer short
        return None


def save(checkout: Checkout, old: str, new: str) -> None:
    path = checkout.root / ROUTING
    path.write_text(path.read_text().replace(old, new))


def log(checkout: Checkout) -> str:
    return (checkout.root / ".brownout/sync/desk/log").read_text()


def test_a_kit_is_kept_for_its_owner_alone(seat: Checkout) -> None:
    kept = seat.home / "kit"
    assert kept.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in kept.iterdir()} == {KIT: 0o600, KUBECONFIG: 0o600}


def test_the_list_marks_what_runs_in_the_workshop(seat: Checkout, teacher: Teacher) -> None:
    assert "running*" in (said := seat.lab("list").stdout)
    assert teacher.workshop in said
    [row] = json.loads(seat.lab("list", "--json").stdout)
    assert row["workshop"] is True


def test_a_save_is_live_and_told(attended: Checkout, teacher: Teacher) -> None:
    team = ask(attended)
    assert eventually(team) == "amber"
    took = []
    for old, new in (("amber", "azure"), ("azure", "aqua"), ("aqua", "amber")):
        since = time.monotonic()
        save(attended, f'"{old}"', f'"{new}"')
        eventually(lambda new=new: team() == new)
        took.append(time.monotonic() - since)
    print("live after", [f"{seconds:.2f} s" for seconds in took])
    assert max(took) < 10

    desk = eventually(lambda: (found := store.desk(teacher.context, teacher.desk, "desk")).saves >= 3 and found)
    assert desk.started and desk.saved and desk.seen
    status = attended.lab("status", "desk").stdout
    assert "brought to it by themselves" in status and ".brownout/sync/desk/log" in status


def test_code_that_does_not_run_is_said_and_mended(attended: Checkout) -> None:
    team = ask(attended)
    whole = (attended.root / ROUTING).read_text()
    (attended.root / ROUTING).write_text("TEAMS = [\n")
    eventually(lambda: "SyntaxError" in log(attended))
    eventually(lambda: "Trouble: service desk exited" in attended.lab("status", "desk").stdout)
    (attended.root / ROUTING).write_text(whole)
    assert eventually(team) == "amber"


def test_logs_restart_diff_and_doctor_work_with_the_kits_rights(attended: Checkout) -> None:
    assert "listening" in attended.lab("logs", "desk", "-n", "9999").stdout
    assert "runs your code again" in attended.lab("restart", "desk").stdout
    save(attended, "blue", "bronze")
    assert "bronze" in attended.lab("diff", "desk").stdout
    doctor = attended.lab("doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert "workshop" in doctor.stdout and "rights" not in doctor.stdout
    again = attended.lab("start", "desk")
    assert again.returncode == 0 and "runs already" in again.stdout
    grade = attended.lab("grade", "desk")
    assert grade.returncode == 2 and "lab submit desk" in grade.stderr


def test_what_runs_in_the_workshop_is_not_started_here_as_well(attended: Checkout) -> None:
    done = attended.lab("start", "desk", "--runtime", "process")
    assert done.returncode == 2 and "runs for you in the workshop" in done.stderr


def test_the_kit_gives_no_right_to_what_is_the_examiners_or_the_clusters(attended: Checkout, teacher: Teacher) -> None:
    from kubernetes import client, config

    configuration = client.Configuration()
    config.load_kube_config(str(attended.home / "kit/kubeconfig"), client_configuration=configuration)
    configuration.proxy = None
    api = client.CustomObjectsApi(client.ApiClient(configuration))
    desk = ("lab.brownout", "v1", teacher.desk, "desks", "desk")
    assert api.get_namespaced_custom_object(*desk)["spec"]["started"]
    refused = [
        lambda: api.patch_namespaced_custom_object_status(*desk, {"status": {"hints": ["mine"]}}),
        lambda: api.list_cluster_custom_object("lab.brownout", "v1", "desks"),
        lambda: client.CoreV1Api(api.api_client).delete_namespace(teacher.record.namespace),
        lambda: client.CoreV1Api(api.api_client).list_namespaced_secret(teacher.record.namespace),
    ]
    for act in refused:
        with pytest.raises(client.ApiException) as caught:
            act()
        assert caught.value.status == 403


def test_a_cluster_that_is_away_is_said_and_what_was_saved_meanwhile_is_brought(
    attended: Checkout, teacher: Teacher
) -> None:
    before = log(attended)
    teacher.way.cut()
    try:
        save(attended, "coral", "cyan")
        saved = eventually(lambda: "does not answer" in (said := log(attended)[len(before) :]) and said)
        status = attended.lab("status", "desk")
        assert status.returncode == 0 and "your system does not answer" in status.stderr
        assert "Trouble: " in status.stdout and ".brownout/sync/desk/log" in status.stdout
    finally:
        teacher.way.mend()
    eventually(lambda: "live after" in log(attended)[len(before) + len(saved) :], 40)
    url = attended.lab("open", "desk", "--print").stdout.strip().replace("Ada", "Nora")
    assert _answer(url) == "cyan"


def test_a_hint_is_given_out_by_the_examiner(attended: Checkout, teacher: Teacher) -> None:
    process, wait = attended.begin("hint", "desk")
    desk = eventually(lambda: (found := store.desk(teacher.context, teacher.desk, "desk")).hints_wanted and found)
    store.give_hints(teacher.context, desk, ("## Look\nAt the end of the alphabet.",))
    done = wait()
    assert done.returncode == 0, done.stderr
    assert "end of the alphabet" in done.stdout and "hint 1" in done.stdout
    assert "end of the alphabet" in attended.lab("hint", "desk", "--all").stdout
    assert store.desk(teacher.context, teacher.desk, "desk").saves >= 3


def through(lines: Iterable[str], last: str) -> Iterator[str]:
    """Lines as they come, up to one that holds `last`; it fails if none does."""
    for line in lines:
        yield line
        if last in line:
            return
    pytest.fail(f"it ended and never said {last!r}")


def queued(teacher: Teacher, count: int) -> Submission:
    found = eventually(lambda: len(all_ := store.submissions(teacher.context, teacher.desk)) == count and all_)
    return found[-1]


def give_result(teacher: Teacher, one: Submission, result: dict[str, Any]) -> None:
    page = base64.b64encode(gzip.compress(b"<!doctype html>the report")).decode()
    cluster.create(
        teacher.context,
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": result_map(one.name), "namespace": one.namespace},
            "data": {"result.json": json.dumps(result)},
            "binaryData": {"report.html.gz": page},
        },
    )


RESULT: dict[str, Any] = {
    "schema": "brownout/result/1",
    "lab": "desk",
    "verdict": "fail",
    "reasons": [{"code": "objective-missed", "message": "too many errors", "trial": ""}],
    "objectives": [
        {
            "id": "answered",
            "title": "Everybody is answered",
            "description": "Every customer gets a team.",
            "target": 0.99,
            "good": 90,
            "valid": 100,
            "estimate": 0.9,
            "low": 0.8,
            "high": 0.95,
            "verdict": "fail",
        }
    ],
    "trials": [],
    "seed": 1,
    "runtime": "k8s",
    "duration_s": 12.0,
    "versions": {"brownout": "0"},
}


def test_a_submission_waits_its_turn_and_ends_with_its_verdict(attended: Checkout, teacher: Teacher) -> None:
    process, wait = attended.begin("submit", "desk")
    one = queued(teacher, 1)
    settle(teacher.context, one, position=3)
    assert list(through(process.stderr, "queued 3rd"))
    settle(teacher.context, one, state=State.RUNNING, started="2026-01-01T00:00:00Z", tries=1)
    assert list(through(process.stderr, ": running"))
    give_result(teacher, one, RESULT)
    verdict = (Objective("answered", "Everybody is answered", "fail"),)
    settle(teacher.context, one, state=State.DONE, verdict="fail", objectives=verdict, reasons=("too many errors",))
    done = wait()

    assert done.returncode == 1, done.stderr
    assert "Everybody is answered" in done.stdout
    folder = attended.root / "results/desk" / one.name
    assert json.loads((folder / "result.json").read_text()) == RESULT
    assert "the report" in (folder / "report.html").read_text()
    with tarfile.open(fileobj=io.BytesIO(base64.b64decode(one.archive))) as packed:
        assert sorted(packed.getnames()) == ["desk/main.py", "desk/routing.py"]
        routing = packed.extractfile("desk/routing.py")
        assert routing is not None and b"bronze" in routing.read()
    report = attended.lab("report", "desk", "--print")
    assert "desk: fail; 0 of 1 objectives kept" in report.stdout and "report.html" in report.stdout


def test_the_same_files_are_not_submitted_twice_and_can_be_waited_for_later(
    attended: Checkout, teacher: Teacher
) -> None:
    assert attended.lab("submit", "desk", "--no-wait").returncode == 0
    one = queued(teacher, 2)
    process, wait = attended.begin("submit", "desk")
    said = list(through(process.stderr, ": queued"))
    process.send_signal(signal.SIGINT)
    done = wait()
    assert done.returncode == 130
    assert "the very same files" in said[0] and "--last" in done.stderr
    assert len(store.submissions(teacher.context, teacher.desk)) == 2

    settle(teacher.context, one, state=State.DONE, verdict="invalid", reasons=("the cluster was busy",))
    done = attended.lab("submit", "desk", "--last")
    assert done.returncode == 3
    assert "the cluster was busy" in done.stdout


def test_a_sync_that_was_killed_is_found_and_started_again(attended: Checkout) -> None:
    pid = json.loads((attended.root / ".brownout/workspaces/desk.json").read_text())["sync"]["pid"]
    os.kill(pid, signal.SIGKILL)
    doctor = attended.lab("doctor")
    assert doctor.returncode == 1 and "sync desk" in doctor.stdout and "lab start desk" in doctor.stdout
    assert attended.lab("start", "desk").returncode == 0
    save(attended, "amber", "apricot")
    team = ask(attended)
    eventually(lambda: team() == "apricot")


def test_a_lab_is_found_again_after_the_machine_started_anew(attended: Checkout) -> None:
    path = attended.root / ".brownout/workspaces/desk.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "boot": "another"}))
    assert "not running" in attended.lab("status", "desk").stdout
    assert attended.lab("start", "desk").returncode == 0
    assert eventually(ask(attended)) == "apricot"
    assert sum("grader.classroom.desk.sync" in line for line in attended.processes()) == 1


def test_a_token_that_is_refused_is_said_and_a_new_kit_goes_on(
    attended: Checkout, teacher: Teacher, tmp_path: Path
) -> None:
    teacher.expel()
    hint = eventually(lambda: (done := attended.lab("hint", "desk")).returncode == 2 and done, 60)
    assert "no longer accepts your kit: ask your teacher" in hint.stderr
    eventually(lambda: "no longer accepts your kit" in log(attended), 60)
    assert attended.lab("join", str(teacher.folder / "kit")).returncode == 2

    teacher.enrol()
    teacher.give(tmp_path / "new")
    joined = attended.lab("join", str(tmp_path / "new"))
    assert joined.returncode == 0, joined.stderr
    assert attended.lab("start", "desk").returncode == 0
    save(attended, "apricot", "auburn")
    team = ask(attended)
    eventually(lambda: team() == "auburn")


def test_stopping_lets_the_system_go_on_and_leaving_leaves_nothing(attended: Checkout, teacher: Teacher) -> None:
    stopped = attended.lab("stop", "desk")
    assert stopped.returncode == 0 and "goes on" in stopped.stdout
    assert not any("grader.classroom.desk.sync" in line or "grader.load" in line for line in attended.processes())
    assert teacher.deployment.status("desk").state == "running"
    assert attended.lab("start", "desk").returncode == 0

    left = attended.lab("leave")
    assert left.returncode == 0, left.stderr
    assert not (attended.home / "kit").exists()
    assert eventually(lambda: attended.processes() == [])
    assert (attended.root / ROUTING).is_file()
    assert attended.lab("list").returncode == 0
    assert attended.lab("hint", "desk").returncode == 2
    assert teacher.deployment.status("desk").state == "running"
