"""What is written to the cluster fits the schemas there, and comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.cluster import model, schemas
from grader.classroom.cluster.model import Desk, Objective, State, Submission
from grader.classroom.cluster.names import ID, desk_namespace, result_map, teacher_namespace

DESK = Desk(
    namespace="ws-w--ada", lab="canary",
    started="2026-01-31T09:30:00Z", saved="2026-01-31T09:41:00Z", seen="2026-01-31T09:41:01Z",
    saves=3, changed=("controller/main.py",), hints_wanted=2, hints=("Look at the tail.",),
)  # fmt: skip
SUBMISSION = Submission(
    namespace="ws-w--ada", name="canary-x7k2p", uid="0b7d", lab="canary",
    created="2026-01-31T09:50:00Z", archive="QUJD", state=State.DONE, verdict="fail", reasons=("right: 88 % of 93 %",),
    objectives=(Objective("right", "Right digits", "fail", True), Objective("fast", "Fast answers", "pass")),
    close=True, started="2026-01-31T09:50:02Z", finished="2026-01-31T09:50:52Z", duration_s=48.5, tries=1,
)  # fmt: skip


def _schema(kind: str) -> dict[str, Any]:
    (found,) = [one for one in schemas.definitions() if one["spec"]["names"]["kind"] == kind]
    return found["spec"]["versions"][0]["schema"]["openAPIV3Schema"]


def _strict(schema: dict[str, Any]) -> dict[str, Any]:
    """The cluster drops unknown fields silently; here they are errors."""
    if "properties" not in schema:
        return {**schema, **({"items": _strict(schema["items"])} if "items" in schema else {})}
    return {
        **schema,
        "properties": {name: _strict(one) for name, one in schema["properties"].items()},
        "additionalProperties": False,
    }


def _check(kind: str, found: dict[str, Any]) -> None:
    jsonschema.validate({"spec": found["spec"], "status": found.get("status", {})}, _strict(_schema(kind)))


def _desk_object(one: Desk) -> dict[str, Any]:
    metadata = {"namespace": one.namespace, "name": one.lab}
    return {"metadata": metadata, "spec": model.desk_spec(one), "status": {"hints": list(one.hints)}}


def _submission_object(one: Submission) -> dict[str, Any]:
    metadata = {"namespace": one.namespace, "name": one.name, "uid": one.uid, "creationTimestamp": one.created}
    spec = model.new_submission(one.namespace, one.lab, one.archive)["spec"]
    return {"metadata": metadata, "spec": spec, "status": model.submission_status(one)}


def test_a_desk_comes_back_as_it_was_written() -> None:
    found = _desk_object(DESK)
    _check("Desk", found)
    assert model.desk(found) == DESK


def test_a_submission_comes_back_as_it_was_written() -> None:
    found = _submission_object(SUBMISSION)
    _check("Submission", found)
    assert model.submission(found) == SUBMISSION


@given(st.sampled_from(State), st.integers(0, 200), st.integers(0, 5), st.floats(0, 1e4))
def test_every_state_of_a_submission_comes_back(state: State, position: int, tries: int, duration_s: float) -> None:
    one = replace(SUBMISSION, state=state, position=position, tries=tries, duration_s=duration_s)
    assert model.submission(_submission_object(one)) == one


def test_one_that_nobody_has_looked_at_is_queued() -> None:
    found = _submission_object(SUBMISSION)
    del found["status"]
    seen = model.submission(found)
    assert (seen.state, seen.position, seen.verdict, seen.objectives) == (State.QUEUED, 0, "", ())


def test_a_desk_that_nobody_opened_is_empty() -> None:
    found = model.new_desk("ws-w--ada", "canary")
    _check("Desk", found)
    assert model.desk(found) == Desk("ws-w--ada", "canary")


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("Desk", {"spec": {"saves": -1}}),
        ("Desk", {"spec": {"hintsWanted": model.MOST_HINTS + 1}}),
        ("Desk", {"spec": {"changed": ["x"] * 201}}),
        ("Desk", {"spec": {"started": "x" * 33}}),
        ("Submission", {"spec": {"lab": "canary", "archive": "x" * (model.MOST_ARCHIVE + 1)}}),
        ("Submission", {"spec": {"lab": "canary"}}),
        ("Submission", {"spec": {"lab": "canary", "archive": ""}, "status": {"state": "passed"}}),
    ],
)
def test_what_does_not_fit_is_refused(kind: str, change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        _check(kind, change)


def test_what_was_submitted_is_fixed_by_the_cluster() -> None:
    assert _schema("Submission")["properties"]["spec"]["x-kubernetes-validations"][0]["rule"] == "self == oldSelf"


def test_only_the_examiner_s_part_is_a_subresource() -> None:
    for definition in schemas.definitions():
        assert definition["spec"]["versions"][0]["subresources"] == {"status": {}}


def test_a_person_without_a_name_is_called_by_id() -> None:
    space = {"metadata": {"name": "ws-w--ada", "labels": {"lab.brownout/participant": "ada"}}}
    assert model.participant(space) == model.Participant("ada", "ws-w--ada", "ada", "ada")


@pytest.mark.parametrize(("text", "good"), [("ada", True), ("a-1", True), ("-a", False), ("a-", False), ("A", False)])
def test_ids(text: str, good: bool) -> None:
    assert bool(ID.fullmatch(text)) is good


@given(st.from_regex(ID, fullmatch=True), st.from_regex(ID, fullmatch=True))
def test_names_fit_a_namespace_and_do_not_meet(workshop: str, person: str) -> None:
    desk = desk_namespace(workshop, person)
    assert len(desk) <= 63
    assert desk != teacher_namespace(workshop)
    assert result_map(SUBMISSION.name) != SUBMISSION.name
