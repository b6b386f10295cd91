"""README.md has its tables as the labs and the rows of exams are."""

from __future__ import annotations

import pytest

from benchmarks.readme import README, TABLES
from benchmarks.tables import replaced


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_as_it_would_be_written(name: str) -> None:
    page = README.read_text("utf-8")

    assert replaced(page, name, TABLES[name]()) == page, "run `make readme`"
