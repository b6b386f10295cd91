"""Hold the time box against one rule: what a competent engineer needs who reads the brief once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

from grader.authoring.lint.lab import Looked
from grader.course.patch import Tree

WORDS_A_MINUTE, LINES_A_MINUTE, FINDING_MINUTES, REHEARSALS = 200, 10, 2, 2
"""Words that are read and lines that are written in a minute, minutes of looking for what breaks one promise, and how
many rehearsals are run."""

LEAST, STEP, FACTOR = 10, 5, 1.5
"""A box has `LEAST` minutes or more, in steps of `STEP`; lint names one that is off the rule by more than `FACTOR`."""


@dataclass(frozen=True)
class Needed:
    """What a lab takes, in minutes."""

    reading: float
    finding: float
    writing: float
    rehearsing: float

    @property
    def total(self) -> float:
        """The sum."""
        return self.reading + self.finding + self.writing + self.rehearsing

    @property
    def box(self) -> int:
        """The sum, rounded to the time box."""
        return max(LEAST, STEP * round(self.total / STEP))


def needed(at: Looked) -> Needed:
    """Reckon what a lab takes, from its papers, its open files, its reference and its rehearsal."""
    shipped = at.exam.edited("shipped")
    reference = next((name for name, each in at.exam.controls.items() if each.kind == "reference"), "shipped")
    words = len(at.contract.split()) + sum(len(text.split()) for text in _texts(shipped).values())
    spec = at.rehearsal.spec
    seconds = sum(phase.seconds for trial in spec.trials for phase in spec.phases(trial.id))
    return Needed(
        reading=words / WORDS_A_MINUTE,
        finding=FINDING_MINUTES * len(at.exam.slos),
        writing=_written(_texts(shipped), _texts(at.exam.edited(reference))) / LINES_A_MINUTE,
        rehearsing=REHEARSALS * seconds / 60,
    )


def box(at: Looked) -> Iterator[str]:
    """The time box is near the rule, and the brief says the same."""
    minutes, needs = at.lab.spec.minutes, needed(at)
    if minutes % STEP or not needs.box / FACTOR <= minutes <= needs.box * FACTOR:
        yield (
            f"{at.inside('lab.yaml')}: `minutes: {minutes}`, and by the rule it is {needs.box}: {needs.reading:.0f} to "
            f"read, {needs.finding:.0f} to find, {needs.writing:.0f} to write, {needs.rehearsing:.0f} to rehearse"
        )
    said = re.findall(r"Time box:\W*(\d+) minutes", at.brief)
    if at.brief.strip() and said != [str(minutes)]:
        yield f"{at.inside('README.md')}: say once 'Time box: {minutes} minutes.', as lab.yaml does"


def _texts(files: Tree) -> dict[str, str]:
    return {str(path): file.data.decode("utf-8", "replace") for path, file in files.items()}


def _written(before: dict[str, str], after: dict[str, str]) -> int:
    """Lines that are added or changed, without blank ones."""
    added = 0
    for path, text in after.items():
        lines = unified_diff(before.get(path, "").splitlines(), text.splitlines(), n=0, lineterm="")
        added += sum(line[0] == "+" and bool(line[1:].strip()) for line in list(lines)[2:])
    return added
