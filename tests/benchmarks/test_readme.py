"""README.md has its tables as the labs and the rows of exams are."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import attacks
from benchmarks.readme import README, TABLES
from benchmarks.tables import replaced
from grader.errors import BadInput


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_as_it_would_be_written(name: str) -> None:
    page = README.read_text("utf-8")

    assert replaced(page, name, TABLES[name]()) == page, "run `make readme`"


def test_the_table_of_attacks_is_as_it_would_be_written() -> None:
    page = attacks.PAGE.read_text("utf-8")

    assert replaced(page, "attacks", attacks.text()) == page, "run `make readme`"


def test_rounds_are_counted_and_what_cannot_be_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "attacks.md"
    path.write_text(f"{attacks.HEAD}\n|---|\n| 1 | 9 | 4 | 3 |\n| 2 | 5 | 0 | 0 |\n\n| 3 | 1 | 1 | 1 |\n")
    assert attacks.overview({"desk": attacks.rounds(path)}).splitlines()[2] == "| `desk` | 2 | 14 | 4 | 3 | 1 | 0 |"

    path.write_text(f"{attacks.HEAD}\n|---|\n| 1 | 9 | 4 | 5 |\n")
    with pytest.raises(BadInput, match="round 1"):
        attacks.rounds(path)
