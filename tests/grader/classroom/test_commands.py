"""The commands in a checkout that joined, with a cluster that only keeps objects."""

from __future__ import annotations

import base64
import gzip
import json
import queue
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.desk import asking, joined, lent, membership
from grader.classroom.desk.joined import KitRefused
from grader.classroom.desk.kit import Kit
from grader.classroom.desk.seat import seat
from grader.cli import doctor, edits, grading, joining, listing, overview, reading, submitting, system, watch
from grader.cli.taking_home import Draw
from grader.course import catalog
from grader.errors import BadInput
from grader.practice import workspace
from grader.practice.background import Background
from infra.errors import PlatformBroken, RuntimeUnavailable, SystemRefused
from infra.k8s import keeper
from infra.k8s import state as records
from tests.grader.classroom.fake import MAPS, SUBMISSIONS, FakeCluster, kit, record
from tests.grader.course import Course

RESULT: dict[str, Any] = {
    "schema": "brownout/result/1",
    "lab": "desk",
    "verdict": "pass",
    "reasons": [],
    "objectives": [
        {
            "id": "answered",
            "title": "Everybody is answered",
            "description": "Every customer gets a team.",
            "target": 0.99,
            "good": 100,
            "valid": 100,
            "estimate": 1.0,
            "low": 0.99,
            "high": 1.0,
            "verdict": "pass",
        }
    ],
    "trials": [],
    "seed": 1,
    "runtime": "k8s",
    "duration_s": 12.0,
    "versions": {"brownout": "0"},
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "POLL_S", 0.02)
    monkeypatch.setattr(asking, "RESULT_S", 0.1)


@pytest.fixture
def theirs(mine: Kit, desk: Course) -> Course:
    """A participant's checkout: joined, with a workspace, without scenarios."""
    shutil.rmtree(desk.root / "scenarios")
    workspace.create("desk")
    return desk


class Examiner:
    """Gives every submission the same verdict as soon as it is there, at the latest when it leaves."""

    def __init__(self, fake: FakeCluster, result: dict[str, Any] | None, **status: Any) -> None:
        self._fake, self._result, self._status = fake, result, status
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Examiner:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        leaving = False
        while not leaving:
            leaving = self._over.wait(0.01)
            for path in [path for path in self._fake.objects if path.startswith(f"{SUBMISSIONS}/")]:
                name = path.rpartition("/")[2]
                if self._result is not None:
                    page = base64.b64encode(gzip.compress(b"a page")).decode()
                    self._fake.objects[f"{MAPS}/result-{name}"] = {
                        "data": {"result.json": json.dumps(self._result)},
                        "binaryData": {"report.html.gz": page},
                    }
                self._fake.settle(name, state="done", **self._status)


def ends_with(code: int, *arguments: Any) -> None:
    with pytest.raises(SystemExit) as caught:
        submitting.submit(*arguments)
    assert caught.value.code == code


def submitted(fake: FakeCluster) -> list[str]:
    return [path.rpartition("/")[2] for path in fake.objects if path.startswith(f"{SUBMISSIONS}/")]


def test_a_verdict_is_shown_kept_and_remembered(
    theirs: Course, fake: FakeCluster, capsys: pytest.CaptureFixture[str]
) -> None:
    with Examiner(fake, RESULT, verdict="pass"):
        ends_with(0, "desk", True, False)

    said = capsys.readouterr()
    [name] = submitted(fake)
    assert "Everybody is answered" in said.out and "changes nothing" in said.err and name in said.err
    assert (theirs.root / f"results/desk/{name}/report.html").read_text() == "a page"
    state = workspace.load("desk")
    assert (state.verdict, state.passed, state.last_run) == ("pass", True, str(theirs.root / f"results/desk/{name}"))


@pytest.mark.parametrize(("verdict", "code"), [("fail", 1), ("invalid", 3)])
def test_the_exit_code_is_that_of_the_verdict(theirs: Course, fake: FakeCluster, verdict: str, code: int) -> None:
    with Examiner(fake, {**RESULT, "verdict": verdict}, verdict=verdict):
        ends_with(code, "desk", True, False)
    assert not workspace.load("desk").passed


def test_a_verdict_without_a_result_is_shown_as_the_cluster_keeps_it(
    theirs: Course, fake: FakeCluster, capsys: pytest.CaptureFixture[str]
) -> None:
    objective = {"id": "answered", "title": "Everybody\x1b[31m is answered", "verdict": "undecided"}
    with Examiner(fake, None, verdict="invalid", reasons=["the cluster was too busy"], objectives=[objective]):
        ends_with(3, "desk", True, False)
    said = capsys.readouterr().out
    assert "desk: invalid" in said and "the cluster was too busy" in said
    assert "is answered" in said and "\x1b" not in said


def test_a_verdict_of_another_version_is_no_verdict(theirs: Course, fake: FakeCluster) -> None:
    with Examiner(fake, None, verdict="splendid"), pytest.raises(PlatformBroken, match="no verdict"):
        submitting.submit("desk", True, False)


def test_without_waiting_it_is_only_queued(
    theirs: Course, fake: FakeCluster, capsys: pytest.CaptureFixture[str]
) -> None:
    submitting.submit("desk", False, False)
    assert "queued" in (said := capsys.readouterr().out) and "lab submit desk --last" in said
    submitting.submit("desk", False, False)
    assert "the very same files wait" in capsys.readouterr().err
    assert len(submitted(fake)) == 1

    with Examiner(fake, RESULT, verdict="pass"):
        ends_with(0, "desk", True, True)
    assert len(submitted(fake)) == 1


def test_an_interrupted_wait_says_how_to_go_on(
    theirs: Course, fake: FakeCluster, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(asking, "await_verdict", interrupted)
    with pytest.raises(KeyboardInterrupt):
        submitting.submit("desk", True, False)
    assert "stays submitted; `lab submit desk --last`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda root: (root / "work/desk/compose.yaml").write_text("mine"), "compose.yaml was changed"),
        (lambda root: (root / "work/desk/desk/link").symlink_to("/etc"), "is a symbolic link"),
        (lambda root: shutil.rmtree(root / "work/desk"), "there is no workspace work/desk yet"),
    ],
)
def test_files_are_checked_before_they_are_sent(theirs: Course, fake: FakeCluster, harm: Any, says: str) -> None:
    harm(theirs.root)
    with pytest.raises(BadInput, match=says):
        submitting.submit("desk", True, False)
    assert submitted(fake) == []


def test_what_cannot_be_submitted_is_said(theirs: Course, home: Path) -> None:
    with pytest.raises(BadInput, match="nothing of desk was submitted yet"):
        submitting.submit("desk", True, True)
    with pytest.raises(BadInput, match="there is no verdict on desk yet"):
        submitting.report("desk", True)
    shutil.copytree(theirs.root / "labs/desk", theirs.root / "labs/other")
    with pytest.raises(BadInput, match="other is not in the workshop friday, which has: desk"):
        submitting.submit("other", True, False)
    membership.leave()
    with pytest.raises(BadInput, match="has not joined a workshop"):
        submitting.submit("desk", True, False)


def test_the_report_is_of_the_last_verdict_waited_for_or_not(
    theirs: Course, fake: FakeCluster, capsys: pytest.CaptureFixture[str]
) -> None:
    submitting.submit("desk", False, False)
    with Examiner(fake, RESULT, verdict="pass"):
        pass
    capsys.readouterr()
    submitting.report("desk", True)
    said = capsys.readouterr().out
    assert "desk: pass; 1 of 1 objectives kept" in said and "report.html" in said
    assert workspace.load("desk").passed


def test_the_list_marks_the_workshops_labs(theirs: Course, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(theirs.root / "labs/desk", theirs.root / "labs/other")
    file = theirs.root / "labs/other/lab.yaml"
    file.write_text(file.read_text().replace("id: desk", "id: other"))
    listing.list_labs(as_json=False)
    said = capsys.readouterr().out
    assert "running*" in said and "new " in said and "new*" not in said and "workshop friday" in said
    listing.list_labs(as_json=True)
    assert {row["id"]: row["workshop"] for row in json.loads(capsys.readouterr().out)} == {"desk": True, "other": False}


def test_the_exam_and_the_debrief_are_the_workshops(theirs: Course) -> None:
    with pytest.raises(BadInput, match="`lab submit desk` asks for a verdict"):
        grading.grade("desk", None, None, grading.How(), draw=Draw(), sign=None)
    with pytest.raises(BadInput, match="with your teacher"):
        reading.debrief("desk")


def test_a_rehearsal_runs_here_and_says_where_else_to_look_if_it_cannot(
    theirs: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def refuse(scenario: Any, source: Path, runtime_name: str, *_: Any, **__: Any) -> None:
        asked.append(runtime_name)
        raise RuntimeUnavailable("there is no Docker here")

    monkeypatch.delenv("BROWNOUT_RUNTIME", raising=False)
    monkeypatch.setattr(grading, "run", refuse)
    with pytest.raises(BadInput, match=r"cannot run on this machine \(there is no Docker here\).*`lab submit desk`"):
        grading.check("desk", "", None)
    assert asked == ["process"]
    error = SystemRefused("no")
    assert seat("other").without_rehearsal(error) is error


def test_stopping_lets_go_of_the_system_and_touches_nothing_in_the_cluster(
    theirs: Course, fake: FakeCluster, capsys: pytest.CaptureFixture[str]
) -> None:
    before = list(fake.asked)
    system.stop("desk", False)
    assert "its system in the workshop goes on" in capsys.readouterr().out
    assert workspace.status("desk") == "started" and not list(records.records())
    assert fake.asked == before


def test_putting_files_back_says_when_the_system_has_them(
    theirs: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (theirs.root / "work/desk/desk/routing.py").write_text("")
    monkeypatch.setattr(lent, "syncs", lambda lab_id: True)
    edits.reset("desk", (), True)
    assert "lab status desk" in capsys.readouterr().out


def findings() -> dict[str, tuple[str, str]]:
    return {found.what: (found.state, found.detail) for found in [*doctor._places(), *doctor._workshop()]}


def test_doctor_asks_for_no_right_that_a_participant_lacks(theirs: Course, fake: FakeCluster) -> None:
    found = findings()
    assert found["workshop"][0] == "ok" and "friday answers ana" in found["workshop"][1]
    assert "runtime k8s" not in found and "runtime process" in found
    assert not any("selfsubjectaccessreviews" in path for path in fake.asked)
    assert "sync desk" not in found


def test_doctor_tells_of_a_sync_that_ended_and_of_a_kit_that_is_refused(
    theirs: Course, fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.update("desk", sync=Background(2**22 + 1, 1.0))
    assert findings()["sync desk"] == ("problem", "has ended; `lab start desk` starts it again")
    monkeypatch.setattr(fake, "answer", lambda *_: (401, {}))
    assert findings()["workshop"][0] == "problem"


def test_hints_are_counted_here_too(theirs: Course, fake: FakeCluster, capsys: pytest.CaptureFixture[str]) -> None:
    fake.add_desk("desk", hints=("## Look\nthere", "## Then\nhere"), hintsWanted=2)
    joining.hint("desk", again=False, yes=False)
    joining.hint("desk", again=False, yes=False)
    assert "hint 2" in (said := capsys.readouterr().out) and "there" in said and "here" in said
    assert workspace.load("desk").hints == 2
    joining.hint("desk", again=True, yes=False)
    assert "there" in capsys.readouterr().out


def test_status_says_what_became_of_saves(theirs: Course) -> None:
    assert "does not run; `lab start desk` starts it" in " ".join(seat("desk").status())


@pytest.fixture
def ended(desk: Course, given: Path, fake: FakeCluster, mine: Kit, home: Path) -> Iterator[None]:
    path = home / "kit/kit.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "ends": "2020-01-31T17:00:00Z"}))
    joined.read.cache_clear()
    yield


def test_a_silent_cluster_is_put_down_to_a_kit_that_ended(ended: None) -> None:
    from grader.cli import _with_remedy

    said = _with_remedy(PlatformBroken("the supervisor of desk does not answer"))
    assert "it ended at 2020-01-31T17:00:00Z" in said and "does not answer" in said
    assert _with_remedy(BadInput("no such lab")) == "no such lab"


def test_a_teachers_commands_are_for_another_checkout(mine: Kit) -> None:
    from grader.cli import _dispatch

    with pytest.raises(BadInput, match="this checkout is a participant's"):
        _dispatch(["workshop", "status"])


def test_a_lab_of_the_workshop_is_not_started_elsewhere(theirs: Course) -> None:
    with pytest.raises(BadInput, match="runs for you in the workshop"):
        joining.start("desk", "compose")


def test_two_labs_of_one_kit_have_ports_of_their_own(desk: Course, given: Path, fake: FakeCluster) -> None:
    shutil.copytree(desk.root / "labs/desk", desk.root / "labs/other")
    file = desk.root / "labs/other/lab.yaml"
    file.write_text(file.read_text().replace("id: desk", "id: other"))
    fake.add_desk("other")
    kit(given, fake.url, {"labs": {"desk": record(), "other": record("friday-ana-other")}})

    membership.join(given)

    ports = [port.outside for one in records.records() for port in one.forwards]
    assert len(ports) == len(set(ports)) == 6
    assert catalog.lab_ids() == ["desk", "other"]


def test_watching_leaves_restarts_to_the_sync(
    theirs: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    restarted = []
    monkeypatch.setattr(watch.rig, "restart", lambda lab, service: restarted.append(lab.id) or ["desk"])
    session = watch.Session(catalog.find_lab("desk"), queue.Queue(), keys=False, watched="work/desk")
    for syncs in (True, False):
        monkeypatch.setattr(lent, "syncs", lambda lab_id, syncs=syncs: syncs)
        session._restart()
    assert restarted == ["desk"] and "in the background" in capsys.readouterr().err


@pytest.fixture
def kept(home: Path) -> Iterator[None]:
    """No keeper is left."""
    yield
    keeper.end()


def test_a_system_that_is_silent_is_the_teachers_matter(theirs: Course, kept: None) -> None:
    with pytest.raises(PlatformBroken, match="the system that runs for you does not answer .*: ask your teacher"):
        lent.start(catalog.find_lab("desk"))
    assert not lent.syncs("desk")


def test_a_system_that_is_silent_because_the_token_is_refused_is_not(
    theirs: Course, fake: FakeCluster, kept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake, "answer", lambda *_: (401, {}))
    with pytest.raises(KitRefused, match="no longer accepts your kit"):
        lent.start(catalog.find_lab("desk"))


def test_the_status_of_a_silent_system_goes_on(theirs: Course, kept: None, capsys: pytest.CaptureFixture[str]) -> None:
    overview.status("desk")
    said = capsys.readouterr()
    assert "your system does not answer" in said.err and "in the workshop friday" in said.out
