"""Each rule points at the one it is for, and at nobody a little better off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.classroom.board import stuck as rules
from grader.classroom.board.stuck import Facts, Tried, stuck

MIN = 60.0
NOW = 100 * MIN
WORKING = Facts(now=NOW, began=0.0, started=60 * MIN, saved=NOW - 2 * MIN, seen=NOW - 10, saves_since=3)


def names(facts: Facts) -> list[str]:
    return [reason.rule for reason in stuck(facts)]


def fails(*missed: tuple[str, ...], met: int = 2) -> tuple[Tried, ...]:
    return tuple(Tried("fail", NOW - 10 * MIN + n, titles, met) for n, titles in enumerate(missed))


def test_somebody_who_works_is_left_alone() -> None:
    assert names(WORKING) == []


def test_not_started() -> None:
    facts = Facts(now=rules.NOT_STARTED_S, began=0.0)

    assert names(facts) == ["not-started"]
    assert names(replace(facts, now=rules.NOT_STARTED_S - 1)) == []


def test_three_fails_on_the_same_objective_name_it() -> None:
    facts = replace(WORKING, tried=fails(("fast", "right"), ("right",), ("right", "fair")))

    (reason,) = stuck(facts)
    assert (reason.rule, reason.text, reason.since) == ("same-objective", "3 fails on “right”", None)


@pytest.mark.parametrize(
    "tried",
    [
        fails(("right",), ("right",)),
        fails(("right",), ("right",), ("fast",)),
        (*fails(("right",), ("right",)), Tried("fail", NOW, ("right",), 4)),
        (*fails(("right",), ("right",)), Tried("invalid", NOW - 1)),
    ],
    ids=["twice", "another", "further than before", "an invalid one is none"],
)
def test_fewer_than_three_the_same_say_nothing(tried: tuple[Tried, ...]) -> None:
    assert names(replace(WORKING, tried=tried)) == []


def test_invalid_exams_do_not_interrupt_a_row_of_fails() -> None:
    tried = (*fails(("right",), ("right",)), Tried("invalid", NOW - 5), *fails(("right",)))

    assert names(replace(WORKING, tried=tried)) == ["same-objective"]


def test_guessing() -> None:
    every = fails(("a",), ("b",), ("c",), ("a",), ("b",))

    assert names(replace(WORKING, tried=every)) == ["guessing"]
    assert names(replace(WORKING, tried=every[1:])) == []
    assert names(replace(WORKING, tried=(*every[:4], replace(every[4], met=5)))) == []


def test_many_saves_and_no_submission() -> None:
    facts = replace(WORKING, saves_since=rules.MANY_SAVES)

    (reason,) = stuck(facts)
    assert (reason.rule, reason.since) == ("untested", facts.started)
    assert names(replace(facts, saves_since=rules.MANY_SAVES - 1)) == []
    assert names(replace(facts, asked=NOW - rules.NO_SUBMISSION_S + 1)) == []


def test_no_save() -> None:
    facts = replace(WORKING, saved=NOW - rules.NO_SAVE_S)

    assert names(facts) == ["no-save"]
    assert names(replace(facts, saved=NOW - rules.NO_SAVE_S + 1)) == []
    assert stuck(replace(facts, saved=None, saves_since=0))[0].text == "Started, and no save"


def test_a_verdict_gives_time_to_think() -> None:
    facts = replace(WORKING, saved=NOW - 2 * rules.NO_SAVE_S, tried=(Tried("fail", NOW - 60, ("right",)),))

    assert names(facts) == []


def test_not_seen_stands_for_no_save() -> None:
    facts = replace(WORKING, saved=NOW - rules.NO_SAVE_S, seen=NOW - rules.NOT_SEEN_S)

    assert names(facts) == ["not-seen"]


def test_invalid_and_not_asked_for_again() -> None:
    facts = replace(WORKING, tried=(Tried("invalid", NOW - rules.INVALID_S),))

    assert names(facts) == ["invalid"]
    assert names(replace(facts, tried=(Tried("invalid", NOW - rules.INVALID_S + 1),))) == []


@pytest.mark.parametrize("better", [{"waiting": True}, {"tried": (Tried("pass", NOW - 50 * MIN),)}])
def test_nobody_is_stuck_who_waits_or_has_passed(better: dict[str, object]) -> None:
    facts = replace(WORKING, saved=0.0, seen=0.0, saves_since=99)

    assert names(facts)
    assert names(replace(facts, **better)) == []  # type: ignore[arg-type]


def test_the_most_telling_comes_first() -> None:
    facts = replace(WORKING, tried=fails(("right",), ("right",), ("right",)), saves_since=50, seen=0.0)

    assert names(facts) == ["same-objective", "untested", "not-seen"]
