"""What a ledger keeps, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import BadInput
from grader.proof import ledger
from grader.proof.ledger import Entry

ENTRY = Entry(
    runtime="process", control="reference", lab="1", submission="2", engine="3",
    verdict="pass", objective="", failed=(), seconds=20.1, tries=1, seed=7, burn={"right": 0.25},
    machine="2 cores", commit="abc", at="2026-11-28T12:00:00Z",
)  # fmt: skip


def lines(folder: Path) -> list[str]:
    return ledger.path_of(folder).read_text("utf-8").splitlines()


def test_the_newest_exam_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    assert ledger.read(tmp_path) == {}
    ledger.enter(tmp_path, ENTRY)
    ledger.enter(tmp_path, replace(ENTRY, control="fake", verdict="fail", objective="right", failed=("right",)))
    ledger.enter(tmp_path, replace(ENTRY, seed=8))

    found = ledger.read(tmp_path)

    assert list(found) == [("process", "fake"), ("process", "reference")]
    assert found["process", "reference"] == replace(ENTRY, seed=8).sealed()
    assert found["process", "fake"].failed == ("right",)
    assert len(lines(tmp_path)) == 2


def test_only_a_close_entry_says_so_and_no_other_line_changes(tmp_path: Path) -> None:
    near = replace(ENTRY, control="near", close=True).sealed()
    ledger.enter(tmp_path, ENTRY)
    ledger.enter(tmp_path, near)

    second, first = map(json.loads, lines(tmp_path))

    assert second["close"] is True and "close" not in first
    assert first["seal"] == "17c50ba3f34707ac" and ledger.read(tmp_path)["process", "near"] == near
    ledger.path_of(tmp_path).write_text(json.dumps({**second, "close": False}) + "\n")
    with pytest.raises(BadInput, match="was changed by hand"):
        ledger.read(tmp_path)


def test_many_may_enter_at_the_same_time(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: ledger.enter(tmp_path, replace(ENTRY, control=f"c{n}")), range(40)))

    assert len(ledger.read(tmp_path)) == 40


def test_what_is_no_control_any_more_goes(tmp_path: Path) -> None:
    for name in ("reference", "gone"):
        ledger.enter(tmp_path, replace(ENTRY, control=name))

    ledger.keep(tmp_path, ["reference"])

    assert list(ledger.read(tmp_path)) == [("process", "reference")]


@pytest.mark.parametrize(
    "edit",
    [
        lambda data: {**data, "verdict": "fail"},
        lambda data: {**data, "lab": "another"},
        lambda data: {**data, "burn": {"right": 0.1}},
        lambda data: {**data, "seal": "0" * 16},
    ],
)
def test_a_line_that_was_changed_by_hand_is_refused(
    tmp_path: Path, edit: Callable[[dict[str, object]], dict[str, object]]
) -> None:
    ledger.enter(tmp_path, ENTRY)
    ledger.path_of(tmp_path).write_text(json.dumps(edit(json.loads(lines(tmp_path)[0]))) + "\n")

    with pytest.raises(BadInput, match="ledger.jsonl:1: was changed by hand"):
        ledger.read(tmp_path)


@pytest.mark.parametrize("line", ["", "{", "[]", "{}", '{"runtime": "process"}', "null"])
def test_a_line_that_is_no_entry_is_named(tmp_path: Path, line: str) -> None:
    ledger.enter(tmp_path, ENTRY)
    path = ledger.path_of(tmp_path)
    path.write_text(f"{path.read_text()}{line}\n")

    with pytest.raises(BadInput, match="ledger.jsonl:2: is no entry"):
        ledger.read(tmp_path)


def test_two_lines_of_one_control_are_refused(tmp_path: Path) -> None:
    ledger.enter(tmp_path, ENTRY)
    path = ledger.path_of(tmp_path)
    path.write_text(path.read_text() * 2)

    with pytest.raises(BadInput, match="stands there twice"):
        ledger.read(tmp_path)
