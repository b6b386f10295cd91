"""What is asked: something about everything that was missed or nearly, two things about the change, nothing unkind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.course import catalog
from grader.hiring.review.changes import Changes, FileChange
from grader.hiring.review.labs_own import labs_own
from grader.hiring.review.lines import Place
from grader.hiring.review.questions import Question, questions
from grader.report.html import views
from grader.result import ObjectiveResult, Reason, Result, Verdict
from tests.grader.course import REPOSITORY

MakeRun = Callable[..., Path]
ACCUSING = re.compile(
    r"\b(you (failed|forgot|missed|broke|should|copied|cheated)|why did(n't| you)|wrong with you|AI)\b"
)


def changed(path: str, *places: Place, what: str = "changed") -> FileChange:
    return FileChange(path, what, 1, 1, (), "", places)


def asked(run_dir: Path, result: Result, changes: Changes | None = None) -> list[Question]:
    """Without those about objectives that were kept with room to spare."""
    found = questions(result, views(run_dir, result)[0], changes)
    return [one for one in found if not one.asks[0].startswith("What keeps “")]


def about(title: str, asked: list[Question]) -> list[Question]:
    return [one for one in asked if one.about.startswith(f"{title}: ")]


def burning(objective: ObjectiveResult, burn: float, verdict: Verdict = Verdict.PASS) -> ObjectiveResult:
    """The objective with so much of what may be bad being bad."""
    bad = round(burn * (1 - objective.target) * 10_000)
    return replace(objective, valid=10_000, good=10_000 - bad, estimate=1 - bad / 10_000, verdict=verdict)


def test_a_missed_objective_is_asked_about_by_its_title_and_figures(run_dir: Path, failed: Result) -> None:
    [question] = about("Answers in time", asked(run_dir, failed))

    assert "94.2 % of 4,270 events good; promised 99 %" in question.about
    assert "248 of 4,270 events bad, 5.8 times what may be bad" in question.about
    first, second = question.asks
    assert first.startswith(
        "What happens to “Answers in time” when “Rollout on a Monday, sample 2” is on, in phase “rollout”"
    )
    assert "4 s to 5 s" in first and second.endswith("?")
    assert question.anchor == "trial-2"


def test_a_close_call_is_asked_about_once(run_dir: Path, close_pass: Result, close_fail: Result) -> None:
    for result in (close_pass, close_fail):
        [question] = about("Right answers", asked(run_dir, result))
        assert "too near to call it proven" in question.about


@pytest.mark.parametrize(("burn", "near"), [(0.0, 0), (0.49, 0), (0.5, 0), (0.51, 1), (0.99, 1)])
def test_a_near_miss_is_more_than_half_of_what_may_be_bad(
    run_dir: Path, passed: Result, burn: float, near: int
) -> None:
    result = replace(passed, objectives=(burning(passed.objectives[0], burn), *passed.objectives[1:]))

    found = asked(run_dir, result)

    assert len(found) == near == len(about("Answers in time", found))
    assert all("of what may be bad" in one.about and "?" in one.asks[0] for one in found)


def test_each_missed_and_each_near_miss_has_a_question_the_worst_first(run_dir: Path, failed: Result) -> None:
    first, second, third = failed.objectives
    objectives = burning(first, 2, Verdict.FAIL), burning(second, 0.8), burning(third, 3, Verdict.FAIL)

    titles = [one.about.partition(":")[0] for one in asked(run_dir, replace(failed, objectives=objectives))]

    assert titles == ["Answers at all", "Answers in time", "Right answers"]


def test_what_was_not_judged_is_said_to_be_so(run_dir: Path, failed: Result) -> None:
    [question] = about("Right answers", asked(run_dir, failed))  # undecided, and more than its budget

    assert "Not judged, the exam stopped before" in question.about


def test_a_missed_objective_without_events_is_asked_about(run_dir: Path, failed: Result) -> None:
    unseen = replace(failed.objectives[2], good=0, valid=0, estimate=None, verdict=Verdict.FAIL)
    result = replace(failed, objectives=(unseen,), trials=())

    [question] = about("Answers at all", asked(run_dir, result))

    assert "when no event of it can be counted?" in question.asks[0]


def test_a_system_that_did_not_start_is_asked_about(run_dir: Path, failed: Result) -> None:
    reasons = (Reason("not-started", "The service desk did not start:\n| SyntaxError"), Reason("not-started", "again"))
    undecided = tuple(replace(o, verdict=Verdict.UNDECIDED, valid=0, good=0, estimate=None) for o in failed.objectives)

    [question] = asked(run_dir, replace(failed, reasons=reasons, objectives=undecided))

    assert question.about == "The service desk did not start:" and "?" in question.asks[0]


def test_of_an_invalid_run_nothing_measured_is_asked_about(run_dir: Path, invalid: Result) -> None:
    change = Changes((changed("a.py", Place("gate", 1, 2, 2)),), ())

    assert asked(run_dir, invalid) == []
    assert [one.about for one in asked(run_dir, invalid, change)] == ["gate in a.py", "gate in a.py"]


def test_two_questions_name_the_functions_that_changed_most(run_dir: Path, passed: Result) -> None:
    small, large, none = Place("small", 1, 1, 2), Place("large", 5, 9, 30), Place("", 20, 90, 99)
    change = Changes((changed("a.py", small, none), changed("b.py", large), changed("c.json", none)), ())

    found = asked(run_dir, passed, change)

    assert [one.about for one in found] == ["large in b.py", "small in a.py", "c.json"]
    assert found[0].asks != found[1].asks


@pytest.mark.parametrize(
    ("file", "named"),
    [
        (changed("a.json", Place("", 3, 7, 4)), "a.json, lines 3 to 7"),
        (changed("a.json", Place("", 3, 3, 1)), "a.json, line 3"),
        (changed("a.py", what="removed"), "a.py, which was removed"),
    ],
)
def test_a_change_outside_functions_is_named_too(run_dir: Path, passed: Result, file: FileChange, named: str) -> None:
    assert [one.about for one in asked(run_dir, passed, Changes((file,), ()))] == [named, named]


def test_each_objective_and_each_changed_file_has_a_question(run_dir: Path, failed: Result) -> None:
    files = tuple(changed(f"{name}.py", Place(name, 1, 2, 2)) for name in "abcd")

    found = questions(failed, views(run_dir, failed)[0], Changes(files, ()))

    assert all(any(one.about.startswith(f"{o.title}: ") for one in found) for o in failed.objectives)
    assert all(any(one.about.endswith(file.path) for one in found) for file in files)


def test_who_changed_nothing_is_asked_what_they_saw(run_dir: Path, passed: Result) -> None:
    [question] = asked(run_dir, passed, Changes((), ()))

    assert question.about == "No file differs from the lab as shipped." and len(question.asks) == 2


def test_questions_are_open_and_accuse_nobody(run_dir: Path, failed: Result) -> None:
    reasons = (Reason("service-ended", "The service gateway ended."),)
    change = Changes((changed("a.py", Place("gate", 1, 2, 2)),), ())

    texts = [text for one in asked(run_dir, replace(failed, reasons=reasons), change) for text in one.asks]
    texts += [text for one in asked(run_dir, failed, Changes((), ())) for text in one.asks]

    assert texts and not [text for text in texts if ACCUSING.search(text)]
    assert all(re.search(r"\b(what|which|how|walk us)\b", text, re.IGNORECASE) for text in texts)


def test_the_labs_own_questions_and_twists_are_found() -> None:
    lab = catalog.find_lab("canary")

    own = labs_own(catalog.find_scenario(lab), "hers.zip", "runs/hers")

    assert own.asked_next and all(one.endswith("?") for one in own.asked_next)
    assert len(own.twists) == len(list((REPOSITORY / "scenarios/canary/twists").glob("*.yaml")))
    assert all(
        re.search(r"twist canary (\S+) .* --submission hers.zip --out runs/hers-\1$", said) for _, said in own.twists
    )
