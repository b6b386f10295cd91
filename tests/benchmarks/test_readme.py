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


@pytest.mark.parametrize("name", ["attacks", "shortcuts", "blind-spots"])
def test_a_table_of_attacks_is_as_it_would_be_written(name: str) -> None:
    page = attacks.PAGE.read_text("utf-8")

    assert replaced(page, name, attacks.texts()[name]) == page, "run `make readme`"


OPEN = f"\n{attacks.OPEN}\n|---|\n"


def listed(folder: Path, rounds: str, left: str = "") -> Path:
    """Write a lab's list of attacks."""
    path = folder / "attacks.md"
    path.write_text(f"{attacks.HEAD}\n|---|\n{rounds}{left}")
    return path


def test_attacks_are_counted_by_class(tmp_path: Path) -> None:
    left = (
        f"{OPEN}| 1 | by-heart | shortcut | the draw | draw it |\n| 1 | odd | blind spot | a day | 9 s |\n"
        "| 2 | fair | allowed | nothing | the brief |\n\n| 3 | later | none | a table further down | |\n"
    )
    found = {"desk": attacks.read(listed(tmp_path, "| 1 | 9 | 4 | 2 |\n| 2 | 5 | 1 | 0 |\n", left))}

    assert attacks.overview(found).splitlines()[2] == "| `desk` | 2 | 14 | 5 | 2 | 1 | 1 | 1 | 1 |"
    assert attacks.listing(found, attacks.Kind.BLIND_SPOT, "cost").splitlines()[2:] == [
        "| `desk` | odd | a day | 9 s |"
    ]


@pytest.mark.parametrize(
    ("rounds", "left", "says"),
    [
        ("| 1 | 9 | 4 | 5 |\n", "", "round 1"),
        ("| 1 | 9 | 4 | 2, and 1 in part |\n", "", "not a line of rounds"),
        ("| 1 | 9 | 4 | 3 |\n", "", "1 still pass, and 0 have a class"),
        ("| 1 | 9 | 4 | 4 |\n", "| 1 | odd | blind spot | a day | 9 s |\n", "0 still pass, and 1 have a class"),
        ("| 1 | 9 | 4 | 3 |\n", "| 1 | odd | | a day | 9 s |\n", "odd: its class"),
        ("| 1 | 9 | 4 | 3 |\n", "| 1 | odd | blind spot | a day | |\n", "odd: a blind spot says"),
        ("| 1 | 9 | 4 | 3 |\n", "| 1 | odd | blind spot | a day |\n", "five cells"),
        ("| 1 | 9 | 4 | 4 |\n", "| 2 | odd | blind spot | a day | 9 s |\n", "no round 2"),
        ("| 1 | 9 | 4 | 2 |\n", "| 1 | odd | blind spot | a day | 9 s |\n" * 2, "twice"),
    ],
)
def test_a_list_of_attacks_that_cannot_be_is_refused(tmp_path: Path, rounds: str, left: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        attacks.read(listed(tmp_path, rounds, f"{OPEN}{left}" if left else ""))
