"""How rows stand, and in which order those that are held are examined again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.authoring.proving.standing import Place, State, key_controls, places, sample, wanted
from grader.course import catalog
from grader.course.spec import Scenario
from grader.proof import ledger
from grader.proof.digests import control_digest, engine_digest, lab_digest
from grader.proof.ledger import Entry
from tests.grader.course import Course
from tests.grader.proof.test_ledger import ENTRY


@pytest.fixture
def scenario(desk: Course) -> Scenario:
    return catalog.find_scenario(catalog.find_lab("desk"))


def entry(scenario: Scenario, name: str, verdict: str, *failed: str) -> Entry:
    return replace(
        ENTRY,
        control=name,
        lab=lab_digest(scenario),
        submission=control_digest(scenario, name),
        verdict=verdict,
        failed=failed,
    )


def state(scenario: Scenario, name: str) -> State:
    return next(place.state for place in places(scenario, ["process"]) if place.control == name)


def test_a_row_is_never_then_held_then_stale(scenario: Scenario) -> None:
    assert {place.state for place in places(scenario, ["process", "compose", "k8s"])} == {State.NEVER}
    ledger.enter(scenario.folder, entry(scenario, "reference", "pass"))
    assert state(scenario, "reference") is State.HELD
    assert state(scenario, "alternative") is State.NEVER

    load = scenario.folder / "load.py"
    load.write_text(load.read_text() + "\n# changed\n")
    assert state(scenario, "reference") is State.STALE


@pytest.mark.parametrize(
    ("name", "verdict", "failed"),
    [
        ("reference", "fail", ("right",)),
        ("fake-swallow", "pass", ()),
        ("fake-swallow", "fail", ()),
        ("fake-swallow", "fail", ("nothing-of-its-own",)),
    ],
)
def test_what_does_not_fit_its_control_is_broken(
    scenario: Scenario, name: str, verdict: str, failed: tuple[str, ...]
) -> None:
    ledger.enter(scenario.folder, entry(scenario, name, verdict, *failed))

    assert state(scenario, name) is State.BROKEN


def test_key_controls_are_one_of_each_kind_that_a_candidate_may_be(scenario: Scenario) -> None:
    assert key_controls(scenario.controls) == ["shipped", "reference", "fake-swallow"]
    assert wanted(scenario, "k8s") == key_controls(scenario.controls)
    assert wanted(scenario, "compose") == wanted(scenario, "process") == list(scenario.controls)


def held(control: str, engine: str, at: str) -> Place:
    return Place("desk", control, "fake", "process", State.HELD, replace(ENTRY, control=control, engine=engine, at=at))


def test_the_oldest_engine_is_sampled_first_and_the_present_one_last() -> None:
    present = engine_digest("process")
    rows = [held(f"new{n}", present, "2020") for n in range(9)]
    rows += [held(f"old{n}", "old", f"2021-{n}") for n in range(9)]
    rows += [held(f"older{n}", "older", f"2020-{n}") for n in range(9)]

    order = [place.control for place in sample(rows, "a commit")]

    assert [name.rstrip("0123456789") for name in order] == ["older"] * 9 + ["old"] * 9 + ["new"] * 9
    assert order == [place.control for place in sample(rows[::-1], "a commit")]
    assert order != [place.control for place in sample(rows, "another")]
