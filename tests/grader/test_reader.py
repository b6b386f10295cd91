"""Questions for a person, from a lab's reader.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.reader import reader_questions
from grader.errors import BadInput


def test_headings_are_the_questions_and_what_stands_below_is_for_the_reader(tmp_path: Path) -> None:
    assert reader_questions(tmp_path) == ()
    (tmp_path / "reader.md").write_text(
        "For a person.\n\n## Would a team adopt it?\n\nStrong: yes.\n\n##  Is it clear? \n"
    )
    assert reader_questions(tmp_path) == ("Would a team adopt it?", "Is it clear?")

    (tmp_path / "reader.md").write_bytes(b"## \xff")
    with pytest.raises(BadInput, match=r"reader\.md cannot be read"):
        reader_questions(tmp_path)
