"""results.json of a Gradescope autograder."""

from __future__ import annotations

import json

from grader.formats.cases import said, scores
from grader.formats.setting import Setting
from grader.result import Result


def text(result: Result, _: Setting) -> str:
    """The result, with a point an objective; Gradescope adds them up.

    Raises:
        Unproven: the run is invalid. A results.json must hold a score, and one that is missing is shown as "the
            autograder failed to execute correctly": so there is none.
    """
    marks = scores(result)
    document = {
        "execution_time": round(result.duration_s),
        "output": said(result),
        "tests": [
            {
                "name": mark.case.name,
                "score": mark.earned,
                "max_score": mark.worth,
                "output": mark.case.message,
                "extra_data": {"verdict": mark.case.verdict.value, "close": mark.case.close},
            }
            for mark in marks
        ],
        "extra_data": {"verdict": result.verdict.value, "close": result.close},
    }
    return json.dumps(document, indent=2) + "\n"
