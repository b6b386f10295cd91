"""`scenarios/<id>/audit.yaml`: findings that are not mended, why, and by which rule of the brief.

    accepted:
      - finding: sacrifice/fast/second
        why: One second in nine is less than the 5 % that the promise lets go.
        rule: at least 95 % of questions get an answer, or a refusal, within 0.8 s
    seen:
      - says: 409 while one is running
        by: nothing; no user is hurt by another status, and the state is judged by `settled`
    lint:
      - says: "`fails: settled`"
        why: Whoever forgets its state misses `right` too, and the two cannot be told apart.
    unplayed: judges answers by a real clock, which a busy machine would decide

`unplayed` says of a lab that has a world why `lab play` leaves it out: what the lab does.
A rule has to stand in the brief, or in an objective's description, word for word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import Field

from grader.authoring.audit.brief import squeezed
from grader.authoring.audit.findings import Finding
from grader.authoring.audit.last_look import ACCEPTED
from grader.course.reading import read_yaml, validate
from grader.course.spec import Scenario
from grader.course.strict import Strict
from grader.errors import BadInput

NAME = ACCEPTED


class Entry(Strict):
    """One finding, or several (`*` stands for anything), of these values if any are named."""

    finding: str = Field(min_length=3)
    why: str = Field(min_length=20)
    rule: str = Field(min_length=10)
    only: tuple[str, ...] = ()


class Seen(Strict):
    """A sentence of the brief, by some words of it, and what sees it, or why nothing has to."""

    says: str = Field(min_length=8)
    by: str = Field(min_length=10)


class Explained(Strict):
    """A finding of `lab lint` that stays, by some words of it, and why."""

    says: str = Field(min_length=8)
    why: str = Field(min_length=20)


class Accepted(Strict):
    """The whole file."""

    accepted: tuple[Entry, ...] = ()
    seen: tuple[Seen, ...] = ()
    lint: tuple[Explained, ...] = ()
    unplayed: str = Field(default="", max_length=120, pattern=r"^([a-z][^.]+)?$")


def load(scenario: Scenario, brief: str) -> Accepted:
    """What a scenario accepts; nothing without a file.

    Raises:
        BadInput: it is malformed, or a rule or a sentence stands nowhere.
    """
    path, accepted = scenario.folder / NAME, read(scenario)
    told = [squeezed(text) for text in (brief, *(slo.spec.description for slo in scenario.slos.values()))]
    for entry in accepted.accepted:
        _check(path, f"accepted: {entry.finding}: rule", entry.rule, told)
    for sentence in accepted.seen:
        _check(path, "seen: says", sentence.says, told[:1])
    return accepted


def read(scenario: Scenario) -> Accepted:
    """The file as it stands; nothing without one. BadInput if it is malformed."""
    path = scenario.folder / NAME
    return validate(Accepted, read_yaml(path)[0] or {}, path) if path.is_file() else Accepted()


def _check(path: Path, where: str, text: str, told: Sequence[str]) -> None:
    if not any(squeezed(text) in one for one in told):
        raise BadInput(f"{path}: {where}: {text!r} stands neither in the brief nor in an objective's description")


def explained(findings: Iterable[Finding], accepted: Accepted) -> tuple[list[Finding], list[str]]:
    """Findings with why each is accepted, and keys of the file that no finding has any more."""
    told, used = [], set[str]()
    for finding in findings:
        entry = next((one for one in accepted.accepted if _covers(one, finding)), None)
        if entry is not None:
            used.add(entry.finding)
            finding = replace(finding, accepted=f'{entry.why} By the rule: "{entry.rule}"')
        told.append(finding)
    return told, [entry.finding for entry in accepted.accepted if entry.finding not in used]


def _covers(entry: Entry, finding: Finding) -> bool:
    if not fnmatchcase(finding.key, entry.finding):
        return False
    return not entry.only or set(finding.values) <= set(entry.only)
