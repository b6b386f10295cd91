"""A run's result in the formats that CI systems and classrooms read, found by name.

An invalid run proves nothing: no format calls it a fail, and those that are scores have no text for it. All may be
shown to candidates: they hold no seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grader.formats import classroom50, ctrf, gradescope, markdown, workflow
from grader.formats.setting import Setting
from grader.report.junit import junit_text
from grader.result import Result

FORMATS: Mapping[str, Callable[[Result, Setting], str]] = {
    "annotations": workflow.text,
    "classroom50": classroom50.text,
    "ctrf": ctrf.text,
    "gradescope": gradescope.text,
    "junit": lambda result, _: junit_text(result, seed=False),
    "summary": markdown.text,
}
"""Each a pure function.

Raises:
    Unproven: an invalid run has no text in this format.
    BadInput: the setting lacks a word that the format needs.
"""

__all__ = ["FORMATS", "Setting"]
