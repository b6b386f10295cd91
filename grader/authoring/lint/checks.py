"""All that is looked at, and what audit.yaml says of findings that stay."""

from __future__ import annotations

from dataclasses import dataclass

from grader.authoring.audit.accepted import load as load_accepted
from grader.authoring.lint import bounds, brief, exam, minutes, papers, system, world
from grader.authoring.lint.lab import Check, Looked

OF_A_BRIEF: tuple[Check, ...] = (
    brief.story,
    brief.length,
    brief.first_step,
    brief.promises,
    brief.counts,
    brief.commands,
    exam.names,
)
CHECKS: tuple[Check, ...] = (
    minutes.box,
    papers.there,
    papers.hints,
    papers.debrief,
    papers.notes,
    system.open_files,
    system.pages,
    system.actions,
    system.experiments,
    system.questions,
    world.public_files,
    world.questions,
    world.code,
    exam.controls,
    exam.promises_are_seen,
    bounds.close,
)


@dataclass(frozen=True)
class Report:
    """What was found of a lab: `findings` are to be mended, `remarks` say what could not be looked at, or is
    explained for nothing; a sentence each."""

    lab: str
    findings: tuple[str, ...]
    remarks: tuple[str, ...]


def lint(lab_id: str) -> Report:
    """Look at a lab.

    Raises:
        BadInput: there is no such lab, or a file of it cannot be read.
    """
    at = Looked(lab_id)
    checks = (*(OF_A_BRIEF if at.brief.strip() else ()), *CHECKS)
    found = list(dict.fromkeys(sentence for check in checks for sentence in check(at)))
    explained = load_accepted(at.exam, at.contract).lint
    left = [sentence for sentence in found if not any(one.says in sentence for one in explained)]
    unused = [one.says for one in explained if not any(one.says in sentence for sentence in found)]
    remarks = [f"{at.beside('audit.yaml')}: lint: '{says}' is found no more; remove it" for says in unused]
    return Report(lab_id, tuple(left), (*bounds.unknown(at), *remarks))
