"""What the lab itself has for a talk: the questions that its debrief says are asked next, and its twists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grader.course import twist
from grader.course.hints import read_text
from grader.course.spec import Scenario
from grader.invocation import pasteable
from grader.safe import visible

_NEXT = re.compile(r"^Asked next:(.*?)(?:\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)
_QUESTION = re.compile(r"\*([^*]+\?)\*")


@dataclass(frozen=True)
class LabsOwn:
    """All of it safe to show.

    Attributes:
        asked_next: questions.
        twists: of each its title, and the command that holds it.
    """

    asked_next: tuple[str, ...] = ()
    twists: tuple[tuple[str, str], ...] = ()


def labs_own(exam: Scenario, submission: str) -> LabsOwn:
    """What there is for a lab.

    Args:
        exam: of the lab.
        submission: how the command names what was handed in.

    Raises:
        BadInput: a debrief or a twist that is malformed.
    """
    titles = {name: twist.Twist(exam, path).told.title for name, path in twist.find(exam).items()}
    command = "lab twist {} {} --strict --runtime compose --submission {}"
    told = [
        (visible(title, 60), pasteable(command.format(exam.lab.id, name, submission))) for name, title in titles.items()
    ]
    return LabsOwn(_asked_next(exam.folder / "debrief.md"), tuple(told))


def _asked_next(debrief: Path) -> tuple[str, ...]:
    text = read_text(debrief) if debrief.is_file() else ""
    found = _NEXT.search(text)
    return tuple(visible(" ".join(one.split()), 300) for one in _QUESTION.findall(found[1])) if found else ()
