"""On a real cluster: a teacher makes a workshop of two, loses the laptop, takes it up again, and leaves nothing."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import secrets
import shutil
import signal
import stat
import subprocess
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader.classroom.cluster import objects, store
from grader.classroom.cluster.model import State, Submission
from grader.classroom.cluster.names import (
    EXAMINER,
    cluster_role,
    desk_namespace,
    record_secret,
    result_map,
    teacher_namespace,
)
from grader.classroom.desk import kit as kits
from grader.classroom.teacher import desks, removing
from grader.classroom.teacher.desks import AT_SYSTEM
from infra.errors import InfraError, RuntimeUnavailable
from infra.k8s import check, cluster
from tests.grader.course import LAB, REPOSITORY, Course

OURS, THEIRS = "ada", "bob"


@dataclass
class Class:
    """A course with one lab, a workshop's file, and the cluster."""

    course: Course
    context: str
    id: str

    @property
    def file(self) -> Path:
        return self.course.root / "class.yaml"

    @property
    def kits(self) -> Path:
        return self.course.root / "workshops" / self.id

    def lab(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.course.lab("workshop", *arguments, timeout_s=110)

    def kit(self, who: str) -> kits.Kit:
        return kits.read(self.kits / who)

    def spaces(self) -> list[str]:
        return removing.parts(self.context, self.id)


@pytest.fixture
def group(desk: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Class]:
    try:
        context = cluster.context()
        check.images(context, ["core", "grader", "examiner"])
    except RuntimeUnavailable as error:
        pytest.skip(str(error))
    monkeypatch.setenv("BROWNOUT_HOME", str(tmp_path / "home"))
    made = Class(desk, context, f"t-{secrets.token_hex(3)}")
    whole = {"workshop": made.id, "labs": ["desk"], "hours": 1, "participants": ["Ada", "Bob"]}
    made.file.write_text(yaml.safe_dump(whole), "utf-8")
    yield made
    removing.remove(context, made.id, made.kits, print, keep_kinds=True)


@dataclass
class Person:
    """A participant with nothing but their kit."""

    folder: Path

    def may(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> int:
        """Status that the API server gives."""
        from kubernetes import config

        client = config.new_client_from_config(str(self.folder / kits.KUBECONFIG), kits.CONTEXT)
        headers = {"Content-Type": "application/merge-patch+json" if method == "PATCH" else kind}
        found = client.configuration
        token = found.get_api_key_with_prefix("BearerToken") or found.get_api_key_with_prefix("authorization")
        with client:
            answer = client.rest_client.pool_manager.request(
                method,
                found.host + path,
                body=json.dumps(body) if body is not None else None,
                headers={**headers, "authorization": token},
                timeout=10,
            )
        return int(answer.status)


def archive(files: dict[str, str]) -> str:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return base64.b64encode(packed.getvalue()).decode()


def test_an_afternoon(group: Class) -> None:
    done = group.lab("create", str(group.file))
    assert done.returncode == 0, done.stderr
    assert "2 of 2 participants are ready" in done.stdout
    _kits_are_private(group)
    _a_participant_may_do_their_work_and_nothing_else(group)
    _a_second_create_changes_nothing(group)
    _another_machine_takes_it_up(group)
    _stop_exports_and_leaves_nothing(group)


def _kits_are_private(group: Class) -> None:
    for who in (OURS, THEIRS):
        for path in (group.kits / who).iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(group.kits.stat().st_mode) == 0o700
    assert (group.kits / "course.tar.gz").is_file()


def _a_participant_may_do_their_work_and_nothing_else(group: Class) -> None:
    me, kit, other = Person(group.kits / OURS), group.kit(OURS), group.kit(THEIRS)
    mine, theirs = f"{store.API}/namespaces/{kit.namespace}", f"{store.API}/namespaces/{other.namespace}"
    system, foreign = (f"/api/v1/namespaces/{one.labs['desk']['namespace']}" for one in (kit, other))
    home = f"/api/v1/namespaces/{kit.namespace}"
    work = {
        "apiVersion": "lab.brownout/v1",
        "kind": "Submission",
        "metadata": {"name": "mine"},
        "spec": {"lab": "desk", "archive": archive({"desk/main.py": "print()\n"})},
    }
    assert me.may("GET", f"{mine}/desks/desk") == 200
    assert me.may("PATCH", f"{mine}/desks/desk", {"spec": {"saves": 1}}) == 200
    assert me.may("POST", f"{mine}/submissions", work) == 201
    assert me.may("GET", f"{mine}/submissions") == 200
    assert me.may("GET", f"{home}/configmaps") == 200
    assert me.may("GET", f"{system}/pods") == 200
    assert me.may("GET", f"{system}/pods/p-desk-0/log?container=desk") == 200
    forged = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": result_map("mine")}, "data": {}}
    teacher = f"/api/v1/namespaces/{teacher_namespace(group.id)}"
    rights = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{kit.namespace}"
    for method, path, body in (
        ("GET", f"{theirs}/desks/desk", None),
        ("GET", f"{theirs}/submissions", None),
        ("POST", f"{theirs}/submissions", work),
        ("GET", f"{store.API}/desks", None),
        ("GET", f"{store.API}/submissions", None),
        ("PATCH", f"{mine}/desks/desk/status", {"status": {"hints": ["forged"]}}),
        ("PATCH", f"{mine}/submissions/mine/status", {"status": {"verdict": "pass"}}),
        ("PATCH", f"{mine}/submissions/mine", {"spec": {"archive": ""}}),
        ("DELETE", f"{mine}/submissions/mine", None),
        ("DELETE", f"{mine}/desks/desk", None),
        ("POST", f"{home}/configmaps", forged),
        ("PATCH", f"{home}/resourcequotas/quota", {"spec": {"hard": None}}),
        ("GET", f"{home}/secrets", None),
        ("GET", f"{system}/secrets", None),
        ("GET", f"{system}/configmaps", None),
        ("DELETE", f"{system}/pods/p-desk-0", None),
        ("POST", f"{system}/pods/p-desk-0/exec?command=id&container=desk&stdout=1", None),
        ("GET", f"{foreign}/pods", None),
        ("GET", f"{foreign}/pods/p-desk-0/log?container=desk", None),
        ("POST", f"{foreign}/pods/p-desk-0/portforward?ports=8080", None),
        ("GET", f"{teacher}/configmaps", None),
        ("GET", f"{teacher}/secrets/{record_secret(OURS, 'desk')}", None),
        ("GET", f"{teacher}/pods", None),
        ("POST", f"{teacher}/serviceaccounts/{EXAMINER}/token", {"spec": {}}),
        ("POST", f"{home}/serviceaccounts/participant/token", {"spec": {}}),
        ("PATCH", f"{rights}/roles/participant", {"rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}),
        ("GET", "/api/v1/namespaces", None),
        ("PATCH", f"/api/v1/namespaces/{kit.namespace}", {"metadata": {"annotations": {"lab.brownout/name": "x"}}}),
        ("GET", "/api/v1/nodes", None),
        ("GET", "/api/v1/pods", None),
    ):
        assert me.may(method, path, body) == 403, (method, path)


def _a_second_create_changes_nothing(group: Class) -> None:
    before, kit = sorted(group.spaces()), group.kit(OURS)
    done = group.lab("create", str(group.file))
    assert done.returncode == 0 and "new kit" not in done.stdout, done.stderr
    assert sorted(group.spaces()) == before and group.kit(OURS) == kit


def _another_machine_takes_it_up(group: Class) -> None:
    """Its kits are gone, and so are one participant's system and the other's right to see theirs."""
    before = {who: group.kit(who) for who in (OURS, THEIRS)}
    shutil.rmtree(group.kits)
    lost, kept = before[THEIRS].labs["desk"]["namespace"], before[OURS].labs["desk"]["namespace"]
    with cluster.talking("breaking things"):
        store.delete(group.context, f"/api/v1/namespaces/{lost}")
        store.delete(group.context, f"/apis/rbac.authorization.k8s.io/v1/namespaces/{kept}/rolebindings/{AT_SYSTEM}")
    done = group.lab("resume", group.id, "--hours", "2")
    assert done.returncode == 0, done.stderr
    assert group.kit(OURS).labs == before[OURS].labs and group.kit(OURS).ends > before[OURS].ends
    assert group.kit(THEIRS).labs["desk"]["namespace"] != lost
    for who in (OURS, THEIRS):
        system = group.kit(who).labs["desk"]["namespace"]
        assert Person(group.kits / who).may("GET", f"/api/v1/namespaces/{system}/pods") == 200


def _stop_exports_and_leaves_nothing(group: Class) -> None:
    context, into = group.context, group.course.root / "kept"
    space = desk_namespace(group.id, OURS)
    _examine(context, store.submission(context, space, "mine"))

    done = group.lab("stop", group.id, "--into", str(into), "--keep-kinds")
    assert done.returncode == 2 and "say --yes" in done.stderr and group.spaces()
    done = group.lab("stop", group.id, "--into", str(into), "--keep-kinds", "--yes")
    assert done.returncode == 0, done.stderr

    assert (into / OURS / "mine" / "files" / "desk" / "main.py").read_text("utf-8") == "print()\n"
    assert (into / OURS / "mine" / "report.html").read_text("utf-8") == "<p>well"
    assert "Ada" in (into / OURS / "certificate-desk.html").read_text("utf-8")
    assert not list((into / THEIRS).iterdir())
    assert ',"pass"' in (into / "submissions.csv").read_text("utf-8")
    assert group.spaces() == [] and not group.kits.exists()
    with cluster.talking("looking"):
        for kind in ("clusterroles", "clusterrolebindings"):
            path = f"/apis/rbac.authorization.k8s.io/v1/{kind}/{cluster_role(group.id)}"
            assert objects.find(context, path) is None
    assert not list((Path(os.environ["BROWNOUT_HOME"]) / "k8s").glob("*/record.json"))
    assert group.lab("stop", group.id, "--yes").returncode == 2


def _examine(context: str, one: Submission) -> None:
    """The examiner, which would take a minute, is stopped; what it would write is written."""
    home = teacher_namespace(one.namespace.removeprefix("ws-").partition("--")[0])
    with cluster.talking("standing in for the examiner"):
        store.delete(context, f"/apis/apps/v1/namespaces/{home}/deployments/{EXAMINER}")
        give_up = time.monotonic() + 30
        while cluster.call(context, "GET", f"/api/v1/namespaces/{home}/pods")["items"] and time.monotonic() < give_up:
            store.delete(context, f"/apis/batch/v1/namespaces/{home}/jobs")
            store.delete(context, f"/api/v1/namespaces/{home}/pods")
            time.sleep(0.3)
        page = base64.b64encode(gzip.compress(b"<p>well")).decode()
        objects.apply(
            context,
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": result_map(one.name), "namespace": one.namespace},
                "data": {"result.json": "{}"},
                "binaryData": {"report.html.gz": page},
            },
        )
    now = store.submission(context, one.namespace, one.name)
    store.settle(
        context, replace(now, state=State.DONE, verdict="pass", finished="2026-01-31T09:50:52Z", position=0, reasons=())
    )


def test_a_create_that_was_killed_can_be_stopped_from_elsewhere(
    group: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [*LAB, "workshop", "create", str(group.file)]
    making = subprocess.Popen(command, cwd=REPOSITORY, env=group.course.environment, start_new_session=True)
    try:
        give_up = time.monotonic() + 60
        while not any(name.startswith("lab-") for name in group.spaces()) and time.monotonic() < give_up:
            time.sleep(0.1)
    finally:
        os.killpg(making.pid, signal.SIGKILL)
        making.wait()
    assert [name for name in group.spaces() if name.startswith("lab-")]

    monkeypatch.setenv("BROWNOUT_HOME", str(tmp_path / "elsewhere"))
    shutil.rmtree(group.kits, ignore_errors=True)
    done = group.lab("stop", group.id, "--no-export", "--keep-kinds", "--yes")

    assert done.returncode == 0, done.stderr
    assert group.spaces() == []


def test_what_cannot_be_exported_is_not_removed(group: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    with cluster.talking("making half a workshop"):
        store.install(group.context)
        cluster.create(group.context, desks.teacher(group.id))
    done = group.lab("stop", group.id, "--into", str(group.course.root / "kept"), "--keep-kinds", "--yes")
    assert done.returncode == 3 and "nothing was removed" in done.stderr, done.stderr
    assert group.spaces() == [teacher_namespace(group.id)]
    assert not (group.course.root / "kept").exists()


def test_a_name_that_is_taken_is_refused(group: Class) -> None:
    name = teacher_namespace(group.id)
    with cluster.talking("taking the name"):
        cluster.create(group.context, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    try:
        done = group.lab("create", str(group.file))
        assert done.returncode == 2 and "is taken" in done.stderr, done.stderr
    finally:
        with cluster.talking("giving it back"):
            store.delete(group.context, f"/api/v1/namespaces/{name}")


def test_without_a_named_context_nothing_is_touched(group: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROWNOUT_KUBE_CONTEXT")
    for command in (("create", str(group.file)), ("stop", group.id, "--yes")):
        done = group.lab(*command)
        assert done.returncode == 2 and "set BROWNOUT_KUBE_CONTEXT" in done.stderr, done.stderr
    with pytest.raises(InfraError):
        cluster.context()
