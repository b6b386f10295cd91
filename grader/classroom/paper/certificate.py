"""A certificate for each lab that a participant passed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.classroom.cluster.model import Objective, Participant, Snapshot
from grader.classroom.paper import pages, tables
from grader.course import catalog
from grader.errors import BadInput


@dataclass(frozen=True)
class Certificate:
    """Attributes:
    name: of the person.
    title, question: of the lab.
    passed: when, ISO 8601 in UTC.
    objectives: that were met.
    submissions, hints: how many it took until then, and how many hints in all.
    submission: the one that passed, as the cluster named it.
    """

    workshop: str
    name: str
    lab: str
    title: str
    question: str
    passed: str
    objectives: tuple[Objective, ...]
    submissions: int
    hints: int
    submission: str


def earned(found: Snapshot, person: Participant) -> Iterator[Certificate]:
    """A participant's certificates, one a lab, for the first submission that passed."""
    for who, desk, mine in tables.desks(found):
        passed = next((number for number, one in enumerate(mine, 1) if one.verdict == "pass"), 0)
        if who != person or not passed:
            continue
        one = mine[passed - 1]
        title, question = _lab(desk.lab)
        met = tuple(each for each in one.objectives if each.verdict == "pass")
        yield Certificate(
            found.workshop, person.name, desk.lab, title, question, one.finished, met, passed, len(desk.hints), one.name
        )


def write(folder: Path, one: Certificate) -> None:
    """Write `certificate-<lab>.md` and `.html`. Raises OSError."""
    values = {"one": one, "when": pages.when(one.passed) if one.passed else ""}
    (folder / f"certificate-{one.lab}.md").write_text(
        pages.markdown("certificate", **values, name=pages.escaped(one.name)), "utf-8"
    )
    (folder / f"certificate-{one.lab}.html").write_text(pages.html("certificate", **values), "utf-8")


def _lab(lab_id: str) -> tuple[str, str]:
    """Title and question; of a lab that is not here, its id."""
    try:
        spec = catalog.find_lab(lab_id).spec
    except BadInput:
        return lab_id, ""
    return spec.title, spec.question
