"""The table of labs: of the right labs."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.catalogue import Planned, catalogue, overview
from grader.errors import BadInput

TWO = [Planned(code="B1", id="one", question="Why?"), Planned(code="B2", id="two", question="How?")]


def test_there_are_fifty_labs() -> None:
    assert len(catalogue()) == 50


def test_a_lab_that_is_there_is_shipped_and_asks_its_own_question() -> None:
    lines = overview(TWO, {"two": "How, exactly?"}).splitlines()

    assert lines[0] == "1 of 2 are shipped."
    assert lines[-2:] == ["| `one` | Why? | planned |", "| `two` | How, exactly? | **shipped** |"]


def test_a_lab_without_a_line_is_refused() -> None:
    with pytest.raises(BadInput, match="lab 'three' is there and has no line"):
        overview(TWO, {"three": ""})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- {code: B1, id: a, question: q}\n- {code: B2, id: a, question: q}\n", "id 'a' comes twice"),
        ("- {code: X1, id: a, question: q}\n", "code: String should match"),
        ("- {code: B1, id: a}\n", "question: Field required"),
    ],
)
def test_a_malformed_catalogue_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "catalogue.yaml"
    path.write_text(content)

    with pytest.raises(BadInput, match=message):
        catalogue(path)
