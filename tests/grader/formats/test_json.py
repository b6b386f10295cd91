"""CTRF, Classroom 50 and Gradescope: each held against its schema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from grader.errors import BadInput, Unproven
from grader.formats import FORMATS, Setting
from grader.result import Result, Verdict
from tests.grader.formats.conftest import ENVIRONMENT, SETTING, hostile

Read = Callable[[str, Result], Any]


def tally(document: Any) -> dict[str, int]:
    summary = document["results"]["summary"]
    counted = {key: sum(test["status"] == key for test in document["results"]["tests"]) for key in summary}
    told = {key: value for key, value in summary.items() if key in ("passed", "failed", "other")}
    assert told == {key: counted[key] for key in told} and summary["tests"] == len(document["results"]["tests"])
    return told


def test_ctrf_has_a_test_an_objective(read: Read, failed: Result, passed: Result) -> None:
    document = read("ctrf", failed)

    assert tally(document) == {"passed": 1, "failed": 1, "other": 1}
    assert tally(read("ctrf", passed)) == {"passed": 3, "failed": 0, "other": 0}
    missed = document["results"]["tests"][0]
    assert missed["name"] == "in-time: Answers in time" and "promised 99 %" in missed["message"]
    assert document["results"]["summary"]["stop"] - document["results"]["summary"]["start"] == 48300


def test_ctrf_calls_nothing_of_an_invalid_run_failed(read: Read, invalid: Result) -> None:
    document = read("ctrf", invalid)

    assert tally(document) == {"passed": 0, "failed": 0, "other": 4}
    assert document["results"]["environment"]["healthy"] is False
    assert all("proves nothing" in test["message"] for test in document["results"]["tests"])


def test_ctrf_is_not_green_where_every_objective_was_kept_and_the_run_failed(read: Read, broken: Result) -> None:
    document = read("ctrf", broken)

    assert tally(document) == {"passed": 3, "failed": 1, "other": 0}
    assert "The service gateway ended" in document["results"]["tests"][-1]["message"]


def test_no_format_holds_the_seed(write: Callable[[str, Result], str], failed: Result) -> None:
    assert failed.seed == 4711 and not [name for name in FORMATS if "4711" in write(name, failed)]


NEAR = "too near to call it proven; another exam might say otherwise"


@pytest.mark.parametrize(("which", "word"), [("close_pass", "close pass"), ("close_fail", "close fail")])
def test_a_close_call_is_said_in_its_fields(read: Read, request: pytest.FixtureRequest, which: str, word: str) -> None:
    result = request.getfixturevalue(which)
    ctrf, gradescope, classroom50 = (read(name, result) for name in ("ctrf", "gradescope", "classroom50"))

    assert ctrf["results"]["extra"]["close"] is gradescope["extra_data"]["close"] is True
    assert [test["extra"]["close"] for test in ctrf["results"]["tests"]] == [False, True, False]
    assert ctrf["results"]["tests"][1]["rawStatus"] == word
    assert [test["extra_data"]["close"] for test in gradescope["tests"]] == [False, True, False]
    messages = (ctrf["results"]["tests"][1]["message"], gradescope["tests"][1]["output"])
    assert all(said.endswith(NEAR) for said in (*messages, classroom50["tests"][1]["message"]))
    assert classroom50["score"] == (3 if which == "close_pass" else 2)


def test_another_verdict_is_not_close(read: Read, passed: Result, invalid: Result, close_fail: Result) -> None:
    near = replace(invalid, objectives=close_fail.objectives)  # settled, while the run proves nothing

    assert read("ctrf", passed)["results"]["extra"]["close"] is False
    assert not [test for test in read("ctrf", near)["results"]["tests"] if test.get("extra", {}).get("close")]


@pytest.mark.parametrize("which", ["passed", "failed", "broken"])
def test_classroom50_adds_up(read: Read, request: pytest.FixtureRequest, which: str) -> None:
    document = read("classroom50", request.getfixturevalue(which))

    tests = document["tests"]
    assert document["score"] == sum(test["score"] for test in tests) == {"passed": 3, "failed": 1, "broken": 0}[which]
    assert document["max-score"] == sum(test["max-score"] for test in tests) == 3
    assert all(test["score"] <= test["max-score"] for test in tests)
    assert all(test["passed"] for test in tests) is (which == "passed")  # how its runner derives the status
    assert document["review"] == ENVIRONMENT["COMMIT_URL"] and document["datetime"] == "2026-11-28T12:00:00Z"


def test_classroom50_names_the_variables_that_it_lacks(passed: Result) -> None:
    some = {key: value for key, value in ENVIRONMENT.items() if key not in ("OWNER", "COMMIT_URL")}

    with pytest.raises(BadInput, match="OWNER, COMMIT_URL: not set"):
        FORMATS["classroom50"](passed, Setting(SETTING.judged, some))


@pytest.mark.parametrize("which", ["passed", "failed", "broken"])
def test_gradescope_has_points_an_objective(read: Read, request: pytest.FixtureRequest, which: str) -> None:
    document = read("gradescope", request.getfixturevalue(which))

    earned = sum(test["score"] for test in document["tests"])
    assert earned == {"passed": 3, "failed": 1, "broken": 0}[which] and "score" not in document
    assert sum(test["max_score"] for test in document["tests"]) == 3
    assert document["extra_data"]["verdict"] == ("pass" if which == "passed" else "fail")


@pytest.mark.parametrize("name", ["classroom50", "gradescope"])
def test_an_invalid_run_has_no_score(write: Callable[[str, Result], str], invalid: Result, name: str) -> None:
    with pytest.raises(Unproven, match="proves nothing.*no score") as raised:
        write(name, invalid)

    assert raised.value.code == "load-late"


@pytest.mark.parametrize("name", ["classroom50", "ctrf", "gradescope"])
def test_hostile_words_are_text(read: Read, failed: Result, name: str) -> None:
    document = read(name, hostile(failed))

    found = list(words(document))
    assert any("set-output" in word for word in found)
    for word in found:
        assert not any(line.lstrip().startswith("::") or "##vso[" in line for line in word.splitlines())
        assert not {"\x00", "\x1b", "\u202e", "\ud800"} & set(word)


def words(value: Any) -> Any:
    """Every text in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from words(part)


def test_hostile_invalid_run_is_still_one_sentence(invalid: Result) -> None:
    with pytest.raises(Unproven) as raised:
        FORMATS["gradescope"](hostile(invalid), SETTING)

    assert str(raised.value).isprintable() and invalid.verdict is Verdict.INVALID
