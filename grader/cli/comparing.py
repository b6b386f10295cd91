"""`lab diff-results`."""

from __future__ import annotations

import json
from pathlib import Path

from grader.cli.console import FAIL, OK, say, stop_with, table
from grader.errors import BadInput
from grader.report.difference import Change, differences, to_json
from grader.report.saved import load_result
from grader.report.summary import percent
from grader.result import Result, named
from grader.safe import visible

_RATIOS = {"target", "estimate", "low", "high"}


def diff_results(first: Path, second: Path, as_json: bool) -> None:
    """Print where two results differ; exits 0 when their verdicts agree, else 1.

    Raises:
        BadInput: one of them is not a result, or they are of two labs.
    """
    a, b = load_result(first), load_result(second)
    if a.lab != b.lab:
        raise BadInput(
            f"{first} is of lab {visible(a.lab, 40)} and {second} of {visible(b.lab, 40)}; compare results of one lab"
        )
    if as_json:
        print(json.dumps(to_json(a, b), indent=2))
    else:
        _show(a, b)
    stop_with(OK if a.verdict is b.verdict else FAIL)


def _show(a: Result, b: Result) -> None:
    changes = differences(a, b)
    figures = [change for change in changes if change.part != "reason"]
    if figures:
        table(["part", "what", "A", "B"], [_cells(change) for change in figures])
        print()
    for change in changes:
        if change.part == "reason":
            side, text = ("A", change.a) if change.b is None else ("B", change.b)
            say(f"- only {side}: {visible(change.id, 40)}: {visible(text)}")
    say(_conclusion(a, b, changes))


def _cells(change: Change) -> list[str]:
    part = f"{change.part} {visible(change.id, 24)}".rstrip()
    return [part, change.field.replace("_", " "), _value(change.field, change.a), _value(change.field, change.b)]


def _value(field: str, value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return percent(float(str(value))) if field in _RATIOS else visible(str(value), 24)


def _conclusion(a: Result, b: Result, changes: tuple[Change, ...]) -> str:
    first, second = (named(one.verdict, one.close) for one in (a, b))
    if not changes:
        return f"The two results are the same: {first}."
    if a.verdict is not b.verdict:
        return f"The verdicts differ: A {first}, B {second}."
    return f"The verdict is the same: {first if first == second else f'A {first}, B {second}'}."
