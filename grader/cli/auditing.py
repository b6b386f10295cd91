"""`lab audit`: what an exam could not see."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.console import FAIL, next_step, note, say, stop_with
from grader.course import catalog
from grader.errors import BadInput

if TYPE_CHECKING:
    from grader.authoring.audit.findings import Finding, Report
    from grader.course.spec import Scenario

TITLES = {
    "sacrifice": "Could be given up",
    "power": "Too few events",
    "tell": "Tells",
    "constant": "Could be known by heart",
    "last-look": "After the last look, or never looked at",
}


def audit(labs: Sequence[str], every: bool, as_json: bool, record: bool, run_dir: Path | None) -> None:
    """Audit labs; exit 1 while a finding of one is neither mended nor explained.

    Args:
        labs: ids.
        every: all labs that are no drafts.
        as_json: print nothing else.
        record: hold an exam of each reference first, and keep what it saw.
        run_dir: keep what this exam of the one lab saw, in place of a new one.
    """
    if run_dir is not None and (record or every or len(labs) != 1):
        raise BadInput("--from: takes one lab, and no --record")
    from grader.authoring.audit.lab import audit as audited
    from grader.authoring.audit.recording import load, path_of
    from grader.proof.digests import lab_digest

    reports = []
    for scenario in _scenarios(labs, every):
        if record:
            _record(scenario)
        if run_dir is not None:
            _take(scenario, run_dir)
        report = audited(scenario, load(path_of(scenario)), lab_digest(scenario))
        reports.append(report)
        if not as_json:
            _print(report)
    if as_json:
        print(json.dumps([report.to_json() for report in reports], indent=1, ensure_ascii=False))
    if any(report.open for report in reports):
        if not as_json:
            next_step("mend the exam, or say in scenarios/ID/audit.yaml why not", "docs/writing-a-lab.md has the mends")
        stop_with(FAIL)


def _scenarios(labs: Sequence[str], every: bool) -> list[Scenario]:
    if every == bool(labs):
        raise BadInput("name labs to audit, or say --all")
    proven = [lab_id for lab_id in catalog.lab_ids() if not catalog.is_draft(lab_id)]
    return [catalog.find_scenario(catalog.find_lab(lab_id)) for lab_id in (proven if every else labs)]


def _record(scenario: Scenario) -> None:
    from grader.authoring.audit.record import record
    from infra.runtime import runtime

    note(f"{scenario.lab.id}: the reference takes the exam; what it passes is kept")
    path = record(scenario, runtime("process"))
    note(f"{scenario.lab.id}: {path.name}, {path.stat().st_size / 1024:.0f} KB")


def _take(scenario: Scenario, run_dir: Path) -> None:
    from grader.authoring.audit.record import take

    path = take(scenario, run_dir)
    note(f"{scenario.lab.id}: {path.name}, {path.stat().st_size / 1024:.0f} KB")


def _print(report: Report) -> None:
    count, left = len(report.findings), len(report.open)
    say(f"{report.lab}: {count} findings, {count - left} explained, {left} open")
    if report.allowances:
        forgiven = (f"{one.objective} {one.forgiven} of {one.events}" for one in report.allowances)
        say(f"  Forgiven for ever: {', '.join(forgiven)}.")
    if report.looks:
        say(f"  Last look: {', '.join(f'{name} {second:g} s' for name, second in report.looks.items())}.")
    for kind, title in TITLES.items():
        found = [finding for finding in report.open if finding.kind == kind]
        if found:
            say(f"  {title}")
        for finding in found:
            _tell(finding)
    for finding in report.findings:
        if finding.accepted:
            say(f"  - explained: {finding.key}: {finding.accepted}")
    for text in report.notes:
        say(f"  - note: {text}")
    say()


def _tell(finding: Finding) -> None:
    say(f"  - {finding.key}: {finding.says}")
