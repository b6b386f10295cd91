"""A lab as lint looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

from grader.authoring.audit.bounds import Bounds
from grader.course import catalog
from grader.course.casebook import drawn
from grader.errors import BadInput
from infra.errors import SystemInvalid
from infra.system import load_system


class Looked:
    """A lab with its exam, its rehearsal and its system, each read and checked.

    Raises:
        BadInput: one of them is missing or malformed.
    """

    def __init__(self, lab_id: str) -> None:
        self.lab = catalog.find_lab(lab_id)
        self.exam, self.rehearsal = catalog.find_scenario(self.lab), catalog.rehearsal(self.lab)
        try:
            self.system = load_system(self.lab.folder / "compose.yaml", self.lab.spec.open)
        except SystemInvalid as error:
            raise BadInput(str(error)) from error

    @cached_property
    def brief(self) -> str:
        """README.md; empty if there is none."""
        return self.text(self.lab.folder / "README.md")

    @cached_property
    def contract(self) -> str:
        """Brief and details: all that a candidate is told."""
        return f"{self.brief}\n\n{self.lab.details}"

    @property
    def is_decision(self) -> bool:
        """Whether it stands on the casebook."""
        return self.exam.spec.casebook is not None

    def text(self, path: Path) -> str:
        """What a file says; nothing if there is none, or none that can be read."""
        try:
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def inside(self, name: str) -> str:
        """A path in the lab's folder, as a finding names it."""
        return f"labs/{self.lab.id}/{name}"

    def beside(self, name: str) -> str:
        """A path in the exam's folder, as a finding names it."""
        return f"scenarios/{self.lab.id}/{name}"

    def events(self, objective: str) -> int:
        """How many events of an objective a plan has that draw.py makes."""
        return sum(case["asked"].get(objective, 0) for case in drawn(self.lab.folder, 1)["cases"])

    def most_bad(self, objective: str, events: int) -> int:
        """The most bad ones of so many events with which an objective is passed."""
        once = self.exam.spec.model_copy(update={"rounds": 1})
        return Bounds(once, len(self.exam.slos)).forgiven(events, self.exam.slos[objective].target)


Check = Callable[[Looked], Iterator[str]]
"""A sentence for each thing that a lab lacks: what, where, what to do."""
