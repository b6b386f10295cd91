"""Results of each verdict, and one whose every word is hostile."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validators

from grader.formats import FORMATS, Setting
from grader.result import Reason, Result, Verdict
from tests.grader.report.conftest import close_fail, close_pass, failed, invalid, passed

__all__ = ["close_fail", "close_pass", "failed", "invalid", "passed"]

ENVIRONMENT = {
    "CLASSROOM": "cs",
    "ASSIGNMENT": "canary",
    "OWNER": "alice",
    "SUBMISSION_TAG": "submit/2026-11-28T12-00-00Z-a1b2c3d",
    "COMMIT_URL": "https://git.example/alice/commit/a1b2c3d",
    "RELEASE_URL": "https://git.example/alice/releases/1",
}
SETTING = Setting(datetime(2026, 11, 28, 12, tzinfo=UTC), ENVIRONMENT)

EVIL = (
    "::set-output name=a,title=c::b\n::stop-commands::x\r##vso[task.complete]\n"
    "%0A::error::no | `x` **b** <img src=x onerror=1> [a](http://x) $y$ @bob\x00\x1b[31m\u202e\ud800\udc00\ud800"
)


def hostile(result: Result) -> Result:
    """The same result, saying `EVIL` wherever others choose the words."""
    objectives = tuple(replace(one, id=EVIL, title=EVIL, description=EVIL) for one in result.objectives)
    trials = tuple(replace(trial, title=EVIL) for trial in result.trials)
    reasons = (Reason("x", EVIL), *result.reasons)
    return replace(
        result, lab=EVIL, runtime=EVIL, objectives=objectives, trials=trials, reasons=reasons,
        versions={"brownout": EVIL},
    )  # fmt: skip


@pytest.fixture
def broken(passed: Result) -> Result:
    """Failed for another reason than an objective."""
    return replace(passed, verdict=Verdict.FAIL, reasons=(Reason("service-ended", "The service gateway ended."),))


@pytest.fixture
def write() -> Callable[[str, Result], str]:
    """A result in a format."""
    return lambda name, result: FORMATS[name](result, SETTING)


@pytest.fixture
def read(write: Callable[[str, Result], str]) -> Callable[[str, Result], Any]:
    """A result in a format that is JSON, held against that format's schema."""

    def reads(name: str, result: Result) -> Any:
        document = json.loads(write(name, result))
        schema = json.loads((Path(__file__).parent / "schemas" / f"{name}.schema.json").read_text())
        kind = validators.validator_for(schema)
        kind(schema, format_checker=kind.FORMAT_CHECKER).validate(document)
        return document

    return reads
