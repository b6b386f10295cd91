"""docs/result.schema.json and what it lets through."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from grader.report import schema
from grader.result import Result


@pytest.fixture
def document(failed: Result) -> Any:
    return json.loads(json.dumps(failed.to_json()))


def test_file_is_what_the_dataclasses_say() -> None:
    assert schema.PATH.read_text("utf-8") == schema.text(), "run python -m grader.report.schema"


def test_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema.result_schema())


def test_a_result_is_valid(document: Any) -> None:
    Draft202012Validator(schema.result_schema()).validate(document)


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "undecided"},
        {"verdict": "maybe"},
        {"schema": "brownout/result/3"},
        {"seed": "4711"},
        {"duration_s": -1},
        {"surprise": 1},
        {"objectives": [{"id": "a"}]},
        {"reasons": [{"code": "a", "message": "b", "trial": None}]},
        {"versions": {"a": 1}},
    ],
)
def test_a_wrong_result_is_not(document: Any, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Draft202012Validator(schema.result_schema()).validate({**document, **change})


@pytest.mark.parametrize("key", [("objectives", "target", 1.0), ("objectives", "low", -0.1), ("trials", "events", 1.5)])
def test_a_wrong_part_is_not(document: Any, key: tuple[str, str, float]) -> None:
    part, field, value = key
    document[part][0][field] = value

    with pytest.raises(ValidationError):
        Draft202012Validator(schema.result_schema()).validate(document)


def test_the_package_costs_nothing_to_import() -> None:
    code = "import sys, grader.report; print(*{'duckdb', 'jinja2', 'rich', 'junitparser'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""
