"""A result.json read back, checked against the published schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from grader.course.files import shown
from grader.errors import BadInput
from grader.result import Result


def load_result(path: Path) -> Result:
    """The result in a file, or in the result.json of a run folder.

    Raises:
        BadInput: missing, not JSON, or not a result of this version; names the file and the key.
    """
    file = path / "result.json" if path.is_dir() else path
    try:
        document = json.loads(file.read_text("utf-8"), parse_constant=_no_number)
    except FileNotFoundError:
        raise BadInput(f"{shown(file)}: does not exist; name a result.json or the folder of a finished run") from None
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(f"{shown(file)}: is not a result: {shown(' '.join(str(error).split()))[:200]}") from error
    return parse_result(document, file)


def parse_result(document: Any, file: Path) -> Result:
    """Plain data as a result; `file` is for the message. Raises BadInput as `load_result` does."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match
    from pydantic import TypeAdapter

    from grader.report.schema import result_schema

    problem = best_match(Draft202012Validator(result_schema()).iter_errors(document))
    if problem is not None:
        where = ".".join(str(part) for part in problem.absolute_path) or "top level"
        raise BadInput(
            f"{shown(file)}: {shown(where)}: {shown(problem.message)[:200]}; it is not a result of this version"
        )
    fields = {key: value for key, value in document.items() if key != "schema"}
    return TypeAdapter(Result).validate_python(fields)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
