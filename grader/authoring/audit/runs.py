"""Whether a submission can tell an exam from an everyday run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, takewhile

from grader.authoring.audit.findings import Finding, some
from grader.authoring.audit.tells import is_secret
from grader.authoring.audit.times import WAITS, called
from grader.course.reading import read_yaml
from grader.course.spec import Scenario

SETS_UP = {"sign", "publish"}
"""Functions that set something up, also where they stand as a probe."""

_PARAMETER = re.compile(r"\$\{(\w+)\}")


def everyday_tells(scenario: Scenario) -> Iterator[Finding]:
    """What is set up for an exam before its first wait, from a number that nobody knows, and for no everyday run."""
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys(trial.experiment for trial in scenario.spec.trials):
        document = read_yaml(scenario.folder / name)[0]
        steady = (document.get("steady-state-hypothesis") or {}).get("probes") or []
        first = takewhile(lambda step: called(step)[0] not in WAITS, document.get("method") or [])
        for step in chain(steady, first):
            given = _PARAMETER.findall(str(called(step)[1]))
            own = (step.get("provider") or {}).get("module") == "exam"
            if own and (step.get("type") == "action" or called(step)[0] in SETS_UP):
                for parameter in given:
                    if is_secret(scenario, parameter):
                        found.setdefault(parameter, []).append(str(step.get("name", "")))
    if found:
        shown = [f"{steps[0]} (`{parameter}`)" for parameter, steps in found.items()]
        yield Finding(
            "tell/run/everyday",
            f"What is set up for an exam, and never for everyday traffic: {some(shown)}.",
            values=tuple(found),
            figure=0.1,
        )
