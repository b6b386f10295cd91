"""CTRF, the Common Test Report Format (ctrf.io, specification 0.0.0)."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from grader.formats.cases import Case, cases
from grader.formats.setting import Setting
from grader.report import summary
from grader.result import Result, Verdict, named
from grader.safe import visible

_STATUS = {Verdict.PASS: "passed", Verdict.FAIL: "failed", Verdict.UNDECIDED: "other", Verdict.INVALID: "other"}


def text(result: Result, setting: Setting) -> str:
    """A test an objective; `other` for one that was not judged, and for every one of an invalid run."""
    duration = round(result.duration_s * 1000)
    stop = round(setting.judged.timestamp() * 1000)
    tests = [_test(case, result, duration) for case in cases(result)]
    tally = Counter(test["status"] for test in tests)
    counts = {status: tally[status] for status in ("passed", "failed", "skipped", "pending", "other")}
    report = {
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "timestamp": setting.stamp(),
        "generatedBy": "lab convert",
        "results": {
            "tool": {"name": "brownout", "version": visible(result.versions.get("brownout", ""))},
            "summary": {"tests": len(tests), **counts, "start": stop - duration, "stop": stop, "duration": duration},
            "tests": tests,
            "environment": {
                "appName": visible(result.lab),
                "testEnvironment": visible(result.runtime),
                "healthy": result.verdict is not Verdict.INVALID,
            },
            "extra": {
                "verdict": result.verdict.value,
                "close": result.close,
                "reasons": list(summary.reason_texts(result)),
            },
        },
    }
    return json.dumps(report, indent=2) + "\n"


def _test(case: Case, result: Result, duration: int) -> dict[str, Any]:
    """Every objective was measured as long as the run took."""
    test = {
        "name": case.name,
        "status": _STATUS[case.verdict],
        "duration": duration,
        "suite": [visible(result.lab)],
        "rawStatus": named(case.verdict, case.close),
        "message": case.message,
    }
    if (found := case.objective) is not None:
        figures = {"promised": found.target, "measured": found.estimate, "low": found.low, "high": found.high}
        test["extra"] = {**figures, "good": found.good, "valid": found.valid, "close": case.close}
    return test
