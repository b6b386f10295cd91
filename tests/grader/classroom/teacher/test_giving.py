"""What participants are given: a way in, a page, a checkout; and what they are not given."""

from __future__ import annotations

import base64
import io
import re
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader.classroom.desk import kit as kits
from grader.classroom.desk.kit import Kit
from grader.classroom.paper import handout, pages
from grader.classroom.planning.people import Person
from grader.classroom.planning.plan import Plan
from grader.classroom.teacher import access, course, desks, equip
from grader.classroom.teacher.access import Server
from grader.course import catalog
from infra.k8s import cluster
from tests.grader.course import Course

ENDS = "2026-01-31T17:00:00Z"
KIT = Kit("spring", "ada", "bold-fox", "ws-spring--ada", ENDS, {"desk": {"name": "d", "namespace": "lab-d"}})


@pytest.fixture
def teachers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A kubeconfig with one context, `here`."""
    authority = base64.b64encode(b"-----BEGIN CERTIFICATE-----\nx\n").decode()
    there = {"server": "https://127.0.0.1:6443", "certificate-authority-data": authority}
    whole = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": there}],
        "users": [{"name": "u", "user": {"token": "the-teachers-own"}}],
        "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}],
    }
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(whole), "utf-8")
    monkeypatch.setattr("kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(path))
    cluster.api.cache_clear()
    yield "here"
    cluster.api.cache_clear()


def test_a_kits_kubeconfig_has_nothing_of_the_teachers(teachers: str) -> None:
    text = access.kubeconfig(access.server(teachers, ""), "ws-spring--ada", "t0ken")
    found = yaml.safe_load(text)
    assert "the-teachers-own" not in text and found["users"] == [{"name": "workshop", "user": {"token": "t0ken"}}]
    assert found["contexts"][0]["context"]["namespace"] == "ws-spring--ada"
    assert found["clusters"][0]["cluster"]["server"] == "https://127.0.0.1:6443"
    assert b"CERTIFICATE" in base64.b64decode(found["clusters"][0]["cluster"]["certificate-authority-data"])


def test_another_address_is_checked_against_the_certificate_that_is_known(teachers: str) -> None:
    near, far = access.server(teachers, ""), access.server(teachers, "https://192.0.2.7:7000")
    assert near.only_here and not near.name
    assert not far.only_here and (far.url, far.name) == ("https://192.0.2.7:7000", "127.0.0.1")
    assert "tls-server-name: 127.0.0.1" in access.kubeconfig(far, "n", "t")


def test_a_hand_out_shows_names_as_they_are_and_needs_nothing_else(desk: Course, tmp_path: Path) -> None:
    labs = [catalog.find_lab("desk")]
    handout.write(tmp_path / "ada", KIT, "<b>Ada</b> _L_ [x](y)", labs, "https://192.0.2.7:6443", ENDS)
    page = (tmp_path / "ada" / handout.HTML).read_text("utf-8")
    text = (tmp_path / "ada" / handout.MARKDOWN).read_text("utf-8")
    assert "&lt;b&gt;Ada&lt;/b&gt;" in page and "<b>Ada" not in page + text and r"\_L\_ \[x\](y)" in text
    assert not re.search(r"""(src|href)\s*=|url\(|<script|<link""", page)
    for shown in ("lab join", "lab submit desk", "https://192.0.2.7:6443", "ws-spring--ada", "lab-d", "bold-fox"):
        assert shown in page and shown in text
    assert len([line for line in text.splitlines() if line.startswith("| `lab ")]) == 5
    for path in (tmp_path / "ada").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "ada").stat().st_mode) == 0o700


def test_times_are_told_in_words() -> None:
    assert re.match(r"on \w+, \d+ \w+ 20\d\d at \d\d:\d\d \(\S+\)$", pages.when(ENDS))


def names(packed: bytes) -> set[str]:
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        return set(archive.getnames())


def test_participants_get_no_exam_and_nothing_that_lies_about(desk: Course) -> None:
    (desk.root / "people.csv").write_text("Ada\n", "utf-8")
    (desk.root / "labs" / "cast" / "proxy").mkdir(parents=True)
    (desk.root / "labs" / "cast" / "proxy" / "main.py").write_text("", "utf-8")
    desk.new("other")
    found = names(course.for_participants(["desk"]))
    assert {"brownout/Makefile", "brownout/requirements.txt", "brownout/grader/cli/app.py"} <= found
    assert {"brownout/labs/desk/lab.yaml", "brownout/labs/cast/proxy/main.py"} <= found
    tops = {name.split("/")[1] for name in found}
    assert not tops & {"scenarios", "tests", "results", "work", "workshops", "benchmarks", "people.csv", ".git"}
    assert not [name for name in found if "__pycache__" in name or "labs/other" in name]


def test_the_examiner_gets_the_exams_of_the_workshops_labs(desk: Course) -> None:
    desk.new("other")
    found = names(course.for_examiner(["desk"]))
    assert {"labs/desk/lab.yaml", "scenarios/desk/scenario.yaml", "grader/exam/run.py", "infra/k8s/post.py"} <= found
    assert not [name for name in found if name.startswith(("labs/other", "scenarios/other"))]


def test_a_desk_takes_work_and_nothing_that_runs() -> None:
    first, *others = desks.desk("spring", Person("ada", "Ada", "bold-fox"), ["desk", "drift"], 20)
    assert first["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert all(one["metadata"]["namespace"] == "ws-spring--ada" for one in others)
    (quota,) = [one for one in others if one["kind"] == "ResourceQuota"]
    hard = quota["spec"]["hard"]
    assert (hard["count/pods"], hard["count/secrets"]) == ("0", "0")
    assert (hard["count/submissions.lab.brownout"], hard["count/desks.lab.brownout"]) == ("20", "2")
    (policy,) = [one for one in others if one["kind"] == "NetworkPolicy"]
    assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"] and "egress" not in policy["spec"]


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    given: list[str] = []

    def token(context: str, namespace: str, ends: str) -> tuple[str, str]:
        given.append(namespace)
        return f"token-{len(given)}", ends

    monkeypatch.setattr(access, "token", token)
    return given


def test_a_kit_is_kept_while_all_in_it_holds(desk: Course, tmp_path: Path, tokens: list[str]) -> None:
    plan = Plan("spring", ("desk",), (), 4.0, "", "auto", 20, "")
    person, server = Person("ada", "Ada", "bold-fox"), Server("https://192.0.2.7:6443", "", "")
    records: dict[str, dict[str, Any]] = {"desk": {"namespace": "lab-d", "pods": {"p": "10.0.0.1"}, "parts": (1, 2)}}

    def give(ends: str = ENDS, at: Server = server) -> bool:
        return equip.equip("here", plan, person, records, ends, at, tmp_path / "ada")[1]

    assert give() and not give()
    assert give("2026-01-31T19:00:00Z") and not give("2026-01-31T19:00:00Z")
    assert give("2026-01-31T19:00:00Z", Server("https://192.0.2.8:6443", "", ""))
    records["desk"]["namespace"] = "lab-e"
    assert give("2026-01-31T19:00:00Z", Server("https://192.0.2.8:6443", "", ""))
    (tmp_path / "ada" / kits.KIT).write_text("{", "utf-8")
    assert give() and len(tokens) == 5
