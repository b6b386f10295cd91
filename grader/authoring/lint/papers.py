"""What people read beside the brief: hints, debrief and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.authoring.lint.lab import Looked
from grader.course.hints import hints as read_hints
from grader.errors import BadInput

HINTS, ANSWER_WORDS, NOTES_WORDS = 3, 25, 20

_WANTED = {
    "hints.md": f"give {HINTS} hints, a heading '## ' each",
    "debrief.md": "tell what was wrong, the reference, and an answer for an interview",
    "notes.md": "say how sure the exam is, and what nobody looks at",
}


def there(at: Looked) -> Iterator[str]:
    """Each is there, and so is a brief."""
    if not at.brief.strip():
        yield f"{at.inside('README.md')}: is missing; write the brief"
    for name, wanted in _WANTED.items():
        if not at.text(at.exam.folder / name).strip():
            yield f"{at.beside(name)}: is missing; {wanted}"


def hints(at: Looked) -> Iterator[str]:
    """Three, each with what helps below its heading."""
    try:
        found = read_hints(at.exam.folder / "hints.md")
    except BadInput:
        found = []
    if at.text(at.exam.folder / "hints.md").strip() and len(found) < HINTS:
        yield f"{at.beside('hints.md')}: give {HINTS} hints or more, a heading '## ' each"
    for hint in found:
        if "\n" not in hint:
            yield f"{at.beside('hints.md')}: write what helps below '{hint}'"


def debrief(at: Looked) -> Iterator[str]:
    """It has an answer for an interview, and leads further."""
    text = at.text(at.exam.folder / "debrief.md")
    if not text.strip():
        return
    answer = re.search(r'\bin an interview\b.*?"(.*?)"', text, re.IGNORECASE | re.DOTALL)
    if answer is None or len(answer[1].split()) < ANSWER_WORDS:
        yield (
            f"{at.beside('debrief.md')}: give, under 'In an interview', an answer in double quotes, "
            f"{ANSWER_WORDS} words or more"
        )
    if "further reading" not in text.lower():
        yield f"{at.beside('debrief.md')}: name further reading"


def notes(at: Looked) -> Iterator[str]:
    """They say how sure the exam is, and what nobody looks at."""
    words = len(at.text(at.exam.folder / "notes.md").split())
    if 0 < words < NOTES_WORDS:
        yield f"{at.beside('notes.md')}: has {words} words; {_WANTED['notes.md']}"
