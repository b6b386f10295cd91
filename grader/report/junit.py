"""A judged run as JUnit XML, for continuous integration."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from junitparser import Error, Failure, JUnitXml, Properties, Property, Skipped, TestCase, TestSuite

from grader.report import summary
from grader.result import ObjectiveResult, Result, Verdict
from grader.safe import visible


def write_junit(path: Path, result: Result) -> None:
    """Write `junit_text` into a file."""
    path.write_text(junit_text(result), "utf-8")


def junit_text(result: Result, seed: bool = True) -> str:
    """One test suite with a case for each objective and one for the evidence; with `seed`, also how to draw it again.

    A missed objective is a failure, and one that was not judged is skipped. Suite and cases have a property `close`,
    `true` where what was measured decides and proves nothing for the next exam. The case "evidence" is a failure if a
    run failed for another reason than an objective. Every case of an invalid run is an error.
    """
    suite = TestSuite(f"brownout.{visible(result.lab)}")
    for objective in result.objectives:
        suite.add_testcase(_objective_case(objective, result))
    evidence = _evidence_case(result)
    suite.add_testcase(evidence)
    suite.time = round(result.duration_s, 3)
    for name, value in _properties(result).items():
        if seed or name != "seed":
            suite.add_property(name, value)
    document: Any = JUnitXml("brownout")  # its methods are not typed
    document.add_testsuite(suite)
    document.update_statistics()
    written = io.BytesIO()
    document.write(written, pretty=True)
    return written.getvalue().decode()


def _properties(result: Result) -> dict[str, str]:
    versions = {f"version.{visible(name)}": visible(version) for name, version in sorted(result.versions.items())}
    about = {"verdict": result.verdict.value, "close": _yes(result.close), "seed": str(result.seed)}
    return {**about, "runtime": visible(result.runtime), **versions}


def _yes(what: bool) -> str:
    return "true" if what else "false"


def _objective_case(objective: ObjectiveResult, result: Result) -> TestCase:
    case = TestCase(f"{visible(objective.id, 80)}: {visible(objective.title)}", f"brownout.{visible(result.lab)}")
    told: Any = Properties()  # type: ignore[no-untyped-call]
    told.add_property(Property("close", _yes(summary.is_close(objective, result))))
    case.append(told)  # type: ignore[no-untyped-call]
    sentence = summary.sentence(objective, result)
    if result.verdict is Verdict.INVALID:
        case.result = [Error(visible(summary.headline(result), 1000), Verdict.INVALID.value)]
    elif objective.verdict is Verdict.FAIL:
        case.result = [Failure(sentence, Verdict.FAIL.value)]
    elif objective.verdict is not Verdict.PASS:
        case.result = [Skipped(sentence, objective.verdict.value)]
    else:
        case.system_out = sentence
    return case


def _evidence_case(result: Result) -> TestCase:
    """What the run itself is worth; carries its duration, as the objectives were measured together."""
    case = TestCase("evidence", f"brownout.{visible(result.lab)}", result.duration_s)
    text = "; ".join(summary.reason_texts(result))
    if result.verdict is Verdict.INVALID:
        case.result = [Error(text, Verdict.INVALID.value)]
    elif result.verdict is not Verdict.PASS and not any(o.verdict is Verdict.FAIL for o in result.objectives):
        case.result = [Failure(text or summary.headline(result), Verdict.FAIL.value)]
    elif text:
        case.system_out = text
    return case
