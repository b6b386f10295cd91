"""What no exam judges: a lab's questions for a person who reads what was handed in."""

from __future__ import annotations

from pathlib import Path

from grader.course.hints import read_text

READER = "reader.md"


def reader_questions(exam: Path) -> tuple[str, ...]:
    """The questions of an exam folder's reader.md: each `##` heading is one, in order; none without that file. What
    stands below a heading is for the reader alone.

    Raises:
        BadInput: it cannot be read.
    """
    path = exam / READER
    if not path.is_file():
        return ()
    lines = read_text(path).splitlines()
    return tuple(line.removeprefix("## ").strip() for line in lines if line.startswith("## "))
