"""`classroom50/result/v1`: what an `autograder.py` of Classroom 50 leaves in result.json."""

from __future__ import annotations

import json
from collections.abc import Mapping

from grader.errors import BadInput
from grader.formats.cases import scores
from grader.formats.setting import Setting
from grader.result import Result, Verdict

_FIELDS = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "owner": "OWNER",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}
"""Fields and the variables of Classroom 50's runner that they come from. The runner holds classroom and assignment
against the repository, and writes owner, type and times anew."""


def text(result: Result, setting: Setting) -> str:
    """The result, with a point an objective.

    Raises:
        BadInput: a variable is missing.
        Unproven: the run is invalid. Ending with a code other than 0 is how the contract says so.
    """
    marks = scores(result)
    given = _identity(setting.environment)
    document = {
        "schema": "classroom50/result/v1",
        **given,
        "assignment_type": setting.environment.get("ASSIGNMENT_TYPE") or "individual",
        "review": setting.environment.get("REVIEW_URL") or given["commit"],
        "datetime": setting.stamp(),
        "graded_at": setting.stamp(),
        "score": sum(mark.earned for mark in marks),
        "max-score": sum(mark.worth for mark in marks),
        "tests": [
            {
                "test-name": mark.case.name,
                "passed": mark.case.verdict is Verdict.PASS,
                "score": mark.earned,
                "max-score": mark.worth,
                "message": mark.case.message,
            }
            for mark in marks
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def _identity(environment: Mapping[str, str]) -> dict[str, str]:
    missing = [variable for variable in _FIELDS.values() if not environment.get(variable)]
    if missing:
        raise BadInput(f"{', '.join(missing)}: not set; Classroom 50's runner sets them for an autograder.py")
    return {field: environment[variable] for field, variable in _FIELDS.items()}
