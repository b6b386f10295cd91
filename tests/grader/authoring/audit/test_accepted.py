"""What audit.yaml explains is told as explained; what explains nothing, or by no rule of the brief, is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import BadInput
from tests.grader.authoring.audit.test_findings import a_promise_is_unseen, one_shop_is_small
from tests.grader.authoring.audit.toy import Toy

WHY = "One shop in twenty is less than the share that the promise lets go."
RULE = "at least 80 % of questions are answered rightly"


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    made = Toy(tmp_path)
    one_shop_is_small(made)
    return made


def entry(**other: object) -> dict[str, object]:
    return {"accepted": [{"finding": "sacrifice/right/segment", "why": WHY, "rule": RULE, **other}]}


def test_an_explained_finding_is_not_open(toy: Toy) -> None:
    toy.accepts = entry()

    report = toy.audit()

    assert not report.open
    assert [finding.accepted for finding in report.findings] == [f'{WHY} By the rule: "{RULE}"']


def test_a_pattern_explains(toy: Toy) -> None:
    toy.accepts = entry(finding="sacrifice/*/segment")

    assert toy.keys() == set()


def test_only_the_values_that_are_named_are_explained(toy: Toy) -> None:
    toy.accepts = entry(only=["north"])

    assert toy.keys() == {"sacrifice/right/segment"}


def test_an_explanation_of_nothing_is_noted(toy: Toy) -> None:
    toy.accepts = {"accepted": [*entry()["accepted"], {"finding": "tell/facts/one+other", "why": WHY, "rule": RULE}]}  # type: ignore[misc]

    assert toy.audit().notes == ("audit.yaml: tell/facts/one+other is found no more; remove it",)


def test_a_rule_that_stands_nowhere_is_refused(toy: Toy) -> None:
    toy.accepts = entry(rule="one shop may be given up")

    with pytest.raises(BadInput, match="stands neither in the brief"):
        toy.audit()


def test_a_sentence_that_is_named_is_seen(toy: Toy) -> None:
    a_promise_is_unseen(toy)
    toy.accepts = {**entry(), "seen": [{"says": "409 while another of them is open", "by": "nothing: no user is hurt"}]}

    assert toy.keys() == set()


def test_a_sentence_that_is_in_no_brief_is_refused(toy: Toy) -> None:
    toy.accepts = {**entry(), "seen": [{"says": "418 while it is a teapot", "by": "nothing: no user is hurt"}]}

    with pytest.raises(BadInput, match="seen: says"):
        toy.audit()


@pytest.mark.parametrize("why", [True, "It has a clock", "judges a clock. It is real", "x" * 121])
def test_why_no_play_is_held_ends_a_sentence(toy: Toy, why: object) -> None:
    toy.accepts = {"unplayed": why}

    with pytest.raises(BadInput, match="unplayed"):
        toy.audit()
