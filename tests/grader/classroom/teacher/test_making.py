"""Making a workshop: one who cannot be made ready does not keep the others waiting, and all of it may be repeated."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.cluster import objects, store
from grader.classroom.cluster.names import PLACE, TEACHER, WORKSHOP
from grader.classroom.planning.people import Person
from grader.classroom.planning.plan import Plan
from grader.classroom.teacher import checks, create
from grader.classroom.teacher.access import Server
from grader.classroom.teacher.create import Made, Outcome
from grader.classroom.teacher.systems import Place
from grader.cli import workshop as commands
from grader.errors import BadInput
from infra.errors import PlatformBroken
from infra.k8s import cluster
from infra.k8s.names import NAME
from tests.grader.course import Course

PEOPLE = tuple(Person(f"p{number}", f"P {number}", f"n{number}") for number in range(9))
PLAN = Plan("w", ("desk",), PEOPLE, 4.0, "", "auto", 20, "")
HERE = Server("https://192.0.2.7:6443", "", "")
OURS = {WORKSHOP: "w", PLACE: TEACHER}
LATE = "2126-01-31T13:00:00Z"


def everybody(said: list[str], tmp_path: Path) -> tuple[Outcome, ...]:
    return create._everybody("here", PLAN, LATE, HERE, tmp_path, said.append)


def test_progress_is_told_and_a_failure_is_one_persons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def one(context: str, plan: Plan, person: Person, *_: Any) -> Outcome:
        return Outcome(person, tmp_path, problem="pod p-desk-0 does not fit" if person.id == "p4" else "")

    monkeypatch.setattr(create, "_one", one)
    said: list[str] = []
    found = everybody(said, tmp_path)
    assert [outcome.person.id for outcome in found] == [person.id for person in PEOPLE]
    assert [outcome.person.id for outcome in found if outcome.problem] == ["p4"]
    assert "8 of 9 ready" in said[-1] and any("p4 is not ready: pod p-desk-0 does not fit" in line for line in said)


def test_trouble_below_is_one_persons_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise PlatformBroken("the cluster refused")

    monkeypatch.setattr(objects, "apply_all", refused)
    assert {outcome.problem for outcome in everybody([], tmp_path)} == {"the cluster refused"}


def test_ctrl_c_finishes_what_is_being_made_and_begins_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    ended: list[str] = []
    interrupted = threading.Event()

    def one(context: str, plan: Plan, person: Person, *_: Any) -> Outcome:
        begun.append(person.id)
        if len(begun) > 1:
            assert interrupted.wait(20)
        ended.append(person.id)
        return Outcome(person, tmp_path)

    def say(text: str) -> None:
        if text.startswith("1 of 9"):
            raise KeyboardInterrupt
        interrupted.set()

    monkeypatch.setattr(create, "_one", one)
    with pytest.raises(KeyboardInterrupt):
        create._everybody("here", PLAN, LATE, HERE, tmp_path, say)
    assert sorted(begun) == sorted(ended) and len(begun) <= create.AT_ONCE + 1


def shown(made: Made, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = 0
    try:
        commands._conclude("w", made, 12.3, "lab workshop create class.yaml")
    except SystemExit as end:
        code = int(end.code or 0)
    return code, " ".join(capsys.readouterr().out.split())


def test_who_is_not_ready_is_said_at_the_end(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = Outcome(PEOPLE[0], tmp_path / "p0", renewed=True, access_ends=LATE)
    bad = Outcome(PEOPLE[1], tmp_path / "p1", problem="no\x1b[2J")
    code, text = shown(Made((good, bad), LATE, HERE), capsys)
    assert code == 1 and "1 of 2 participants are ready" in text and "p1 is not ready: no[2J" in text
    assert "Next: lab workshop create class.yaml" in text and f"n0 {tmp_path / 'p0'}" in text


def test_tokens_that_end_early_are_told(course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short = Outcome(PEOPLE[0], tmp_path, access_ends="2126-01-31T10:00:00Z")
    code, text = shown(Made((short,), LATE, HERE), capsys)
    assert code == 0 and "gives no token for so long" in text and "lab workshop resume w" in text
    assert "no token" not in shown(Made((replace(short, access_ends=LATE),), LATE, HERE), capsys)[1]


def test_people_labs_and_time_may_be_added_and_nobody_removed() -> None:
    more = replace(PLAN, people=(*PEOPLE, Person("late", "Late", "l")), labs=("desk", "drift"), hours=6.0)
    checks.continues(PLAN, more)
    with pytest.raises(BadInput, match="with late, lab drift, which the file does not have: choose another name"):
        checks.continues(more, PLAN)


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({"metadata": {"labels": {"app": "x"}}}, "the name 'w' is taken"),
        ({"metadata": {}}, "the name 'w' is taken"),
        (
            {"metadata": {"labels": {WORKSHOP: "w", PLACE: TEACHER}, "deletionTimestamp": "now"}},
            "is just being removed",
        ),
    ],
)
def test_a_name_that_is_not_ours_is_taken(there: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "find", lambda context, path: there)
    with pytest.raises(BadInput, match=said):
        checks.name_is_free("here", "w")


def test_more_time_is_not_taken_back_by_create(monkeypatch: pytest.MonkeyPatch, course: Course) -> None:
    about = {store.BEGAN: "2026-01-31T09:00:00Z", store.ENDS: "2026-01-31T15:00:00Z", create.PLAN: PLAN.to_json()}
    ends: list[str] = []
    monkeypatch.setattr(checks, "name_is_free", lambda context, workshop: False)
    monkeypatch.setattr(create, "_about", lambda context, workshop: about)
    monkeypatch.setattr(create, "_complete", lambda context, plan, began, end, say: ends.append(end))
    create.create("here", PLAN, print)
    create.create("here", replace(PLAN, hours=8.0), print)
    assert ends == ["2026-01-31T15:00:00Z", "2026-01-31T17:00:00Z"]


def test_a_workshop_that_has_ended_wants_more_time(monkeypatch: pytest.MonkeyPatch, course: Course) -> None:
    about = {store.BEGAN: "2026-01-31T09:00:00Z", store.ENDS: "2026-01-31T13:00:00Z", create.PLAN: PLAN.to_json()}
    monkeypatch.setattr(create, "_about", lambda context, workshop: about)
    with pytest.raises(BadInput, match="ended, at .* give it more time with --hours"):
        create.resume("here", "w", None, print)


def test_a_workshop_that_is_not_there_is_told_with_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "find", lambda context, path: None)
    monkeypatch.setattr(cluster, "call", lambda *_, **__: {"items": []})
    with pytest.raises(BadInput, match="there is no workshop 'w' in the cluster of context here; there are: none"):
        create.find("here", "w")


def test_nobody_is_promised_a_right_that_was_not_asked_for() -> None:
    needed = checks.needed()
    assert len(needed) == len(set(needed)) and all(" " not in verb for _, _, verb in needed)
    for right in (
        ("", "serviceaccounts/token", "create"),
        ("", "pods/portforward", "get"),
        ("batch", "jobs", "create"),
        ("lab.brownout", "submissions/status", "patch"),
        ("rbac.authorization.k8s.io", "clusterroles", "create"),
    ):
        assert right in needed


def test_deployments_have_names_of_their_own_that_are_short_enough() -> None:
    places = [
        Place(workshop, who, lab)
        for workshop in ("w", "a-very-long-workshop"[:20])
        for who in ("a", "a-very-long-person-xx"[:20])
        for lab in ("desk", "a-very-long-lab-name-of-thirty1", "a-very-long-lab-name-of-thirty2")
    ]
    names = [place.name for place in places]
    assert len(set(names)) == len(names) and all(NAME.fullmatch(name) for name in names)
