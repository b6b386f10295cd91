"""`lab lint`: what a lab lacks, a sentence each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from grader.cli.console import FAIL, next_step, note, say, stop_with
from grader.course import catalog
from grader.errors import BadInput

if TYPE_CHECKING:
    from grader.authoring.lint.checks import Report


def lint(labs: Sequence[str], every: bool, as_json: bool) -> None:
    """Look at labs; exit 1 if one lacks something, 2 if one cannot be read.

    Args:
        labs: ids.
        every: all labs, drafts too.
        as_json: print nothing else.
    """
    if every == bool(labs):
        raise BadInput("name labs to look at, or say --all")
    reports, unread = _looked(catalog.lab_ids() if every else labs, tell=not as_json)
    if as_json:
        print(json.dumps([asdict(report) for report in reports], indent=1, ensure_ascii=False))
    if any(report.findings for report in reports) and not as_json:
        next_step("mend it, or say under `lint` in scenarios/ID/audit.yaml why not", "docs/cli.md shows how")
    if unread:
        raise BadInput("; ".join(unread))
    if any(report.findings for report in reports):
        stop_with(FAIL)


def _looked(labs: Iterable[str], *, tell: bool) -> tuple[list[Report], list[str]]:
    """What was found of each lab, told at once, and a sentence for each that cannot be read."""
    from grader.authoring.lint.checks import lint as looked_at

    reports: list[Report] = []
    unread: list[str] = []
    for lab_id in labs:
        try:
            reports.append(looked_at(lab_id))
        except BadInput as error:
            unread.append(str(error))
            continue
        if tell:
            _tell(reports[-1])
    return reports, unread


def _tell(report: Report) -> None:
    many = len(report.findings)
    say(f"{report.lab}: {f'{many} finding' + 's' * (many > 1) if many else 'nothing is found'}")
    for sentence in report.findings:
        say(f"  - {sentence}")
    for sentence in report.remarks:
        note(f"  not known: {sentence}")
