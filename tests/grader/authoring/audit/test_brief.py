"""Which sentences of a brief promise something, and which of these an objective sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.audit.brief import contract, unseen
from tests.grader.authoring.audit.toy import BRIEF, Toy

SPEAKS = "## What the desk has to speak\n\n"


def texts(brief: str) -> list[str]:
    return [sentence.text for sentence in contract(brief)]


@pytest.mark.parametrize(
    "sentence",
    ["A second call gets 409.", "It must not be asked twice.", "An answer comes within 2 s.", "At most one is open."],
)
def test_a_promise_is_found(sentence: str) -> None:
    assert texts(f"{SPEAKS}{sentence}") == [sentence]


@pytest.mark.parametrize(
    "brief",
    [
        f"{SPEAKS}The words are yours.",
        f"{SPEAKS}You may edit `desk/` only, never anything else.",
        "A story in which it must never happen again.\n\n## The system\n\nIt must hurry.",
        f"{SPEAKS}```\nlab must never\n```",
        f"{SPEAKS}| call | at most |\n|---|---|\n| `GET /` | 200 |",
    ],
)
def test_what_promises_nothing_is_left_out(brief: str) -> None:
    assert texts(brief) == []


def test_a_row_of_a_table_is_a_sentence() -> None:
    assert texts(f"{SPEAKS}| call | answer |\n|---|---|\n| `POST /ask` | 409 if open |") == ["`POST /ask`: 409 if open"]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("A row with `right` must be right.", False),
        ("At least 80 % of all questions must be answered rightly.", False),
        ("A second call gets 409.", True),
    ],
)
def test_what_an_objective_says_is_seen(tmp_path: Path, sentence: str, found: bool) -> None:
    toy = Toy(tmp_path)

    assert bool(list(unseen(toy.scenario(), f"{BRIEF}\n{SPEAKS}{sentence}", []))) is found
