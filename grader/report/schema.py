"""docs/result.schema.json, from the dataclasses of `grader.result`; `python -m grader.report.schema` rewrites it."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from grader.result import OLDER, SCHEMA, Result

PATH = Path(__file__).parents[2] / "docs" / "result.schema.json"

_RATIO = {"minimum": 0, "maximum": 1}
_NOT_NEGATIVE = {"minimum": 0}
_NARROWED: dict[tuple[str, str], dict[str, Any]] = {
    ("Result", "verdict"): {"enum": ["pass", "fail", "invalid"]},
    ("Result", "duration_s"): _NOT_NEGATIVE,
    ("Result", "lab"): {"minLength": 1},
    ("ObjectiveResult", "verdict"): {"enum": ["pass", "fail", "undecided"]},
    ("ObjectiveResult", "target"): {"exclusiveMinimum": 0, "exclusiveMaximum": 1},
    ("ObjectiveResult", "estimate"): _RATIO,
    ("ObjectiveResult", "low"): _RATIO,
    ("ObjectiveResult", "high"): _RATIO,
    ("ObjectiveResult", "good"): _NOT_NEGATIVE,
    ("ObjectiveResult", "valid"): _NOT_NEGATIVE,
    ("ObjectiveResult", "of"): _NOT_NEGATIVE,
    ("ObjectiveResult", "most_bad"): _NOT_NEGATIVE,
    ("TrialResult", "verdict"): {"enum": ["pass", "fail", "invalid"]},
    ("TrialResult", "events"): _NOT_NEGATIVE,
    ("TrialResult", "attempt"): _NOT_NEGATIVE,
    ("TrialResult", "duration_s"): _NOT_NEGATIVE,
}


def result_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of `Result.to_json()`; unknown keys are refused."""
    definitions: dict[str, Any] = {}
    _describe(Result, definitions)
    top = definitions.pop("Result")
    top["properties"] = {"schema": {"enum": [SCHEMA, *OLDER]}, **top["properties"]}
    top["required"] = ["schema", *top["required"]]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:{SCHEMA.replace('/', ':')}"}
    return {**head, "title": "A judged grading run of Brownout", **top, "$defs": definitions}


def _describe(kind: type[Any], definitions: dict[str, Any]) -> None:
    hints = typing.get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    needed = [field.name for field in dataclasses.fields(kind) if field.default is dataclasses.MISSING]
    definitions[kind.__name__] = {
        "description": (kind.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " "),
        "type": "object",
        "properties": {
            name: {**_form(hints[name], definitions), **_NARROWED.get((kind.__name__, name), {})} for name in names
        },
        "required": needed,
        "additionalProperties": False,
    }


def _form(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of one type; dataclasses go to `definitions`. TypeError for a type that has no form here."""
    simple = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
    if hint in simple:
        return {"type": simple[hint]}
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return {"type": "array", "items": _form(arguments[0], definitions)}
    if origin in (typing.Union, types.UnionType):
        return {"type": [_form(argument, definitions)["type"] for argument in arguments]}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _form(arguments[1], definitions)}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"type": "string", "enum": [member.value for member in hint]}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        _describe(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    raise TypeError(f"{hint!r} has no form in a JSON schema: add it to grader.report.schema")


def text() -> str:
    """The schema as the file has it."""
    return json.dumps(result_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), "utf-8")
