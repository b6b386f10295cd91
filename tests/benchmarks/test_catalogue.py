"""The table of labs: of the right labs."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from benchmarks.catalogue import Pack, Planned, catalogue, overview
from grader.cli.listing import PACKS
from grader.errors import BadInput

LABS = [
    Planned(code="B1", id="one", pack="data", question="Why?"),
    Planned(code="B2", id="two", pack="people", question="How?"),
    Planned(code="B3", id="three", pack="serving", question="When?"),
    Planned(code="B4", id="four", pack="data", question="Where?"),
]


def test_there_are_fifty_labs_and_a_first_one() -> None:
    assert [row.id for row in catalogue() if row.pack == "start"] == ["warm-up"]
    assert len(catalogue()) == 51


def test_lab_list_knows_the_packs_in_the_same_order() -> None:
    assert get_args(Pack) == tuple(pack for pack in PACKS if pack)


def test_the_first_lab_is_named_first_and_not_counted() -> None:
    first = Planned(code="W1", id="zero", pack="start", question="Where?")

    shown = overview([*LABS, first], {"zero": "Where, exactly?", "three": "When?"})

    assert shown.startswith("1 of 4 are shipped. Begin with `zero`, which")
    assert shown.index("| `zero` | Where, exactly? | start |") < shown.index("| `three` |")


def test_a_shipped_lab_asks_its_own_question_and_packs_come_in_order() -> None:
    shown = overview(LABS, {"two": "How, exactly?", "three": "When?"})

    assert shown.splitlines()[0] == "2 of 4 are shipped."
    assert shown.index("| `three` | When? | serving |") < shown.index("| `two` | How, exactly? | people |")
    assert "<details><summary>2 are planned</summary>" in shown
    assert "| data | 2 | `one`, `four` |" in shown


def test_a_draft_is_not_shipped() -> None:
    shown = overview(LABS, {"two": "How, exactly?", "three": "When?"}, ["two"])

    assert shown.startswith("1 of 4 are shipped. Drafts, whose exams are not proven yet: `two`.")
    assert "How, exactly?" not in shown


def test_nothing_is_folded_once_all_are_shipped() -> None:
    assert "<details>" not in overview(LABS, {row.id: row.question for row in LABS})


def test_a_lab_without_a_line_is_refused() -> None:
    with pytest.raises(BadInput, match="lab 'five' is there and has no line"):
        overview(LABS, {"five": ""})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "- {code: B1, id: a, pack: data, question: q}\n- {code: B2, id: a, pack: data, question: q}\n",
            "id 'a' comes twice",
        ),
        ("- {code: X1, id: a, pack: data, question: q}\n", "code: String should match"),
        ("- {code: B1, id: a, pack: odds, question: q}\n", "pack: Input should be"),
        ("- {code: B1, id: a, pack: data}\n", "question: Field required"),
    ],
)
def test_a_malformed_catalogue_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "catalogue.yaml"
    path.write_text(content)

    with pytest.raises(BadInput, match=message):
        catalogue(path)
