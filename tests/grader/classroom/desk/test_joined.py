"""A kit is checked whole before it is taken, points at what runs, and is forgotten without a trace."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.desk import joined, membership
from grader.classroom.desk.joined import KitRefused
from grader.classroom.desk.kit import CONTEXT, Kit
from grader.classroom.desk.seat import seat
from grader.errors import BadInput
from grader.practice import workspace
from infra.common import owner
from infra.errors import PlatformBroken
from infra.k8s import cluster
from infra.k8s import state as records
from tests.grader.classroom.fake import SPACE, FakeCluster, kit, record
from tests.grader.course import Course


def test_a_kit_is_kept_for_its_owner_alone(mine: Kit, home: Path) -> None:
    assert (home / "kit").stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (home / "kit").iterdir())
    assert joined.require() == mine and mine.namespace == SPACE


def test_only_the_kits_cluster_is_spoken_to(mine: Kit, home: Path) -> None:
    assert os.environ["KUBECONFIG"] == str(home / "kit/kubeconfig")
    assert os.environ[cluster.CONTEXT] == CONTEXT


def test_a_checkout_without_a_kit_leaves_the_environment_alone(home: Path) -> None:
    joined.environment()
    assert os.environ["KUBECONFIG"] == os.environ[cluster.CONTEXT] == "as it was"


def test_the_record_leads_from_this_machine_to_this_checkouts_files(mine: Kit, desk: Course) -> None:
    found = records.read("friday-ana-desk")

    assert found is not None
    assert (found.context, found.owner, found.started) == (CONTEXT, owner.NOBODY, True)
    assert found.id != "1a2b" and found.namespace == "lab-friday-ana-desk-1a2b"
    [part] = found.parts
    assert part.mounts == (("desk/0", str(desk.root / "work/desk/desk")),)
    assert len({port.outside for port in found.forwards}) == 3
    assert not {20001, 20002, 20003} & {port.outside for port in found.forwards}
    assert [port.inside for port in found.forwards] == [8080, 15900, 15998]
    assert (part.token, part.birth, found.courier_token) == ("control", "b1", "courier")


def test_the_workspace_points_at_the_system(mine: Kit) -> None:
    state = workspace.load("desk")
    assert (state.deployment, state.runtime) == ("friday-ana-desk", "k8s")
    assert workspace.status("desk") == "running"
    assert seat("desk").lent and not seat("other").lent


def damaged(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        whole = json.loads((folder / "kit.json").read_text())
        change(whole)
        (folder / "kit.json").write_text(json.dumps(whole))

    return act


WRONG: dict[str, tuple[Callable[[Path], Any], str]] = {
    "another folder": (lambda folder: (folder / "kit.json").unlink(), "is no kit of a workshop: kit.json is missing"),
    "no such folder": (lambda folder: shutil.rmtree(folder), "is no kit of a workshop"),
    "half a kit": (lambda folder: (folder / "kubeconfig").unlink(), "kubeconfig is missing"),
    "no JSON": (lambda folder: (folder / "kit.json").write_text("{"), "kit.json is damaged: ask your teacher"),
    "a list": (lambda folder: (folder / "kit.json").write_text("[]"), "kit.json is damaged"),
    "a field less": (damaged(lambda whole: whole.pop("ends")), "kit.json is damaged"),
    "a field more": (damaged(lambda whole: whole.update(more=1)), "kit.json is damaged"),
    "a number": (damaged(lambda whole: whole.update(namespace=7)), "kit.json is damaged"),
    "no time": (damaged(lambda whole: whole.update(ends="soon")), "kit.json is damaged"),
    "a time nowhere": (damaged(lambda whole: whole.update(ends="2999-01-31T17:00:00")), "kit.json is damaged"),
    "labs in a list": (damaged(lambda whole: whole.update(labs=["desk"])), "kit.json is damaged"),
    "a record without parts": (damaged(lambda whole: whole["labs"]["desk"].pop("parts")), "kit.json is damaged"),
    "a name that leads out": (
        damaged(lambda whole: whole["labs"]["desk"].update(name="../../x")),
        "kit.json is damaged",
    ),
    "no YAML": (lambda folder: (folder / "kubeconfig").write_text("a: ["), "kubeconfig is damaged"),
    "another context": (
        lambda folder: (folder / "kubeconfig").write_text((folder / "kubeconfig").read_text().replace(CONTEXT, "c")),
        "kubeconfig is damaged",
    ),
    "over": (damaged(lambda whole: whole.update(ends="2020-01-31T17:00:00Z")), "ended at 2020-01-31T17:00:00Z"),
    "a lab that is not here": (
        damaged(lambda whole: whole.update(labs={"other": record()})),
        "the lab other, which is not in this checkout",
    ),
    "a lab of another version": (
        damaged(lambda whole: whole.update(labs={"desk": record(service="clerk")})),
        "another version than the one that runs for you",
    ),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_kit_that_cannot_be_used_is_refused_in_a_sentence(
    desk: Course, given: Path, home: Path, fake: FakeCluster, fault: str
) -> None:
    harm, says = WRONG[fault]
    harm(given)

    with pytest.raises(BadInput, match=says.replace(".", r"\.")) as caught:
        membership.join(given)

    assert "\n" not in str(caught.value)
    assert not joined.joined() and not list(records.records()) and fake.asked == []
    assert os.environ["KUBECONFIG"] == "as it was"


@pytest.mark.parametrize("user", [{"exec": {"command": "rm"}, "token": "good"}, {"token": 7}])
def test_a_kubeconfig_that_runs_something_or_has_no_token_is_refused(
    desk: Course, given: Path, fake: FakeCluster, user: dict[str, Any]
) -> None:
    kit(given, fake.url, None, **user)
    with pytest.raises(BadInput, match="not that of a kit"):
        membership.join(given)


def test_a_token_that_is_not_taken_is_said_so(desk: Course, given: Path, fake: FakeCluster) -> None:
    kit(given, fake.url, None, token="old")
    with pytest.raises(KitRefused, match="no longer accepts your kit: ask your teacher"):
        membership.join(given)
    assert not joined.joined() and os.environ["KUBECONFIG"] == "as it was"


def test_a_desk_that_is_gone_is_said_so(desk: Course, given: Path, fake: FakeCluster) -> None:
    fake.objects.clear()
    with pytest.raises(KitRefused, match="no such desk for you"):
        membership.join(given)


def test_a_cluster_that_is_not_there_is_said_so(desk: Course, given: Path, fake: FakeCluster) -> None:
    kit(given, "http://127.0.0.1:9")
    with pytest.raises(PlatformBroken, match="http://127.0.0.1:9, is not reached from here"):
        membership.join(given)


def test_a_lab_that_runs_here_is_stopped_first(desk: Course, given: Path) -> None:
    workspace.update("desk", deployment="lab-desk-1234", runtime="process", boot=workspace.boot_id())
    with pytest.raises(BadInput, match="desk runs here on process: `lab stop desk` first"):
        membership.join(given)
    assert workspace.load("desk").deployment == "lab-desk-1234"


def test_joining_again_replaces(mine: Kit, given: Path, fake: FakeCluster) -> None:
    before = records.read("friday-ana-desk")
    kit(given, fake.url, {"nickname": "Seal", "labs": {"desk": record("friday-ana-again")}})

    membership.join(given)

    assert joined.require().nickname == "Seal"
    assert before is not None and records.read(before.name) is None
    assert workspace.load("desk").deployment == "friday-ana-again"


def test_a_bad_kit_does_not_cost_the_one_before(mine: Kit, given: Path, fake: FakeCluster) -> None:
    kit(given, fake.url, {"labs": {"other": record()}})
    with pytest.raises(BadInput):
        membership.join(given)
    assert joined.require() == mine and records.read("friday-ana-desk") is not None


def test_a_damaged_kit_can_be_left_and_replaced(mine: Kit, home: Path, given: Path) -> None:
    joined.read.cache_clear()
    (home / "kit/kit.json").write_text("{")
    with pytest.raises(BadInput, match="damaged"):
        joined.require()

    membership.join(given)

    assert joined.require() == mine


def test_leaving_forgets_the_workshop_and_keeps_edits_and_verdicts(mine: Kit, home: Path, desk: Course) -> None:
    workspace.create("desk")
    workspace.update("desk", hints=2, verdict="pass", passed=True)

    membership.leave()

    assert not (home / "kit").exists() and not list(records.records())
    state = workspace.load("desk")
    assert (state.deployment, state.runtime, state.hints, state.passed) == ("", "", 2, True)
    assert (desk.root / "work/desk/desk/routing.py").is_file()
    with pytest.raises(BadInput, match="has not joined a workshop"):
        joined.require()
