"""What counts as given up: only what no objective sees, told once, in the way that hurts most."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.audit.bounds import Bounds
from grader.authoring.audit.faulty import ways
from grader.course.spec import ScenarioSpec
from tests.grader.authoring.audit.test_findings import one_shop_is_small, planned
from tests.grader.authoring.audit.toy import RIGHT, Toy, objective


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    return Toy(tmp_path)


def spec(rounds: int = 2) -> ScenarioSpec:
    timeline = [{"phase": "run", "seconds": 1, "rate": 1}]
    trials = [{"id": "one"}]
    windows = {"right": {"trials": ["one"]}}
    return ScenarioSpec.model_validate(
        {"lab": "x", "rounds": rounds, "timeline": timeline, "trials": trials, "objectives": windows}
    )


def test_what_another_objective_sees_is_not_given_up(toy: Toy) -> None:
    one_shop_is_small(toy)
    of_harbour = objective("harbour", "At least 80 % of answers to the harbour are right.")
    of_harbour["spec"]["indicator"]["spec"]["ratioMetric"]["total"]["metricSource"]["spec"]["query"] = (
        "segment = 'harbour'"
    )
    toy.slos = [RIGHT, of_harbour]
    toy.windows["harbour"] = toy.windows["right"]

    assert toy.keys() == set()


def test_a_way_out_that_an_objective_does_not_count_is_found(toy: Toy) -> None:
    """The mend of the test before, spoilt: whoever is not answered there is not counted."""
    one_shop_is_small(toy)
    of_harbour = objective("harbour", "At least 80 % of answers to the harbour are right.")
    of_harbour["spec"]["indicator"]["spec"]["ratioMetric"]["good"]["metricSource"]["spec"]["query"] = (
        "answer = 'right' or status = 0"
    )
    of_harbour["spec"]["indicator"]["spec"]["ratioMetric"]["total"]["metricSource"]["spec"]["query"] = (
        "segment = 'harbour'"
    )
    toy.slos = [RIGHT, of_harbour]
    toy.windows["harbour"] = toy.windows["right"]

    (finding,) = toy.audit().open

    assert finding.key == "sacrifice/right/segment"
    assert "unanswered" in finding.says


def test_what_a_larger_cut_has_is_not_told_again(toy: Toy) -> None:
    toy.timeline = [{"phase": "run", "seconds": 4, "rate": 50}, {"phase": "last", "seconds": 0.1, "rate": 50}]

    report = toy.audit()

    assert [finding.key for finding in report.open] == ["sacrifice/right/phase"]
    assert report.open[0].values == ("last",)


def test_questions_to_our_own_parts_are_never_late(toy: Toy) -> None:
    planned(toy)
    slow = objective("soon", "At least 80 % of words come within a second.", "latency <= 1")

    told = ways([_slo(toy, slow)], ["right"], of_ours=True)

    assert {way.says.partition(" ")[0] for way in told} == {"answered"}


def _slo(toy: Toy, document: dict[str, object]) -> object:
    toy.slos = [RIGHT, document]
    toy.windows["soon"] = toy.windows["right"]
    return toy.scenario().slos["soon"]


@pytest.mark.parametrize("target", [0.6, 0.8, 0.9, 0.95])
@pytest.mark.parametrize("events", [60, 200, 700])
def test_one_more_than_is_forgiven_does_not_pass(target: float, events: int) -> None:
    bounds = Bounds(spec(), 3)

    forgiven = bounds.forgiven(events, target)

    assert bounds.passes(events - forgiven, events, target)
    assert not bounds.passes(events - forgiven - 1, events, target)
    assert forgiven < (1 - target) * events


def test_a_further_sample_can_only_forgive_more() -> None:
    once, often = Bounds(spec(rounds=1), 3), Bounds(spec(rounds=4), 3)

    assert once.forgiven(100, 0.9) < often.forgiven(100, 0.9)
