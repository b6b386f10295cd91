"""JUnit XML, read back by the library that others use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from junitparser import Failure, JUnitXml, Skipped

from grader.report.junit import write_junit
from grader.result import Reason, Result, Verdict


def cases(tmp_path: Path, result: Result) -> tuple[Any, dict[str, Any]]:
    write_junit(tmp_path / "junit.xml", result)
    (suite,) = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    return suite, {case.name: case for case in suite}


def test_each_objective_is_a_case(tmp_path: Path, failed: Result) -> None:
    suite, found = cases(tmp_path, failed)

    (missed,), (open_still,) = found["in-time: Answers in time"].result, found["right: Right answers"].result
    assert isinstance(missed, Failure) and "94.2 % of 4,270 events good; promised 99 %" in missed.message
    assert isinstance(open_still, Skipped) and "Not judged, the exam stopped before" in open_still.message
    assert found["available: Answers at all"].is_passed and found["evidence"].is_passed
    assert (suite.tests, suite.failures, suite.skipped, suite.errors) == (4, 1, 1, 0)


def test_properties_say_how_it_was_run(tmp_path: Path, failed: Result) -> None:
    suite, _ = cases(tmp_path, failed)

    properties = {p.name: p.value for p in suite.properties()}
    assert properties["seed"] == "4711" and properties["runtime"] == "process"
    assert properties["version.envoy"] == "1.40.0" and suite.time == 48.3


def test_invalid_run_has_only_errors(tmp_path: Path, invalid: Result) -> None:
    suite, found = cases(tmp_path, invalid)

    assert (suite.failures, suite.errors) == (0, 4)
    assert "12.4 %" in found["evidence"].result[0].message


def test_fail_for_another_reason_is_never_green(tmp_path: Path, passed: Result) -> None:
    reasons = (Reason("service-ended", "The service gateway ended."),)
    unjudged = tuple(replace(one, verdict=Verdict.UNDECIDED) for one in passed.objectives)
    for objectives in (passed.objectives, unjudged):
        broken = replace(passed, verdict=Verdict.FAIL, reasons=reasons, objectives=objectives)

        suite, found = cases(tmp_path, broken)

        assert suite.failures == 1 and isinstance(found["evidence"].result[0], Failure)


def test_pass_is_green(tmp_path: Path, passed: Result) -> None:
    suite, _ = cases(tmp_path, passed)

    assert (suite.failures, suite.errors) == (0, 0)


def test_hostile_text_is_still_xml(tmp_path: Path, failed: Result) -> None:
    evil = "]]><x/>\x00\x1b[31m\ufffe\u202e"
    result = replace(failed, verdict=Verdict.INVALID, reasons=(Reason("x", evil),), versions={evil: evil})

    _, found = cases(tmp_path, result)

    assert found["evidence"].result[0].message == "]]><x/>[U+0000][U+FFFE][U+202E]"
