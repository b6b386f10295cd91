"""The page and the sheet of margins: whose figures they show."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.margins import HEAD, margins, page, sheet
from grader.authoring.proving.matrix import Row

GOOD = Row(
    lab="desk", control="reference", kind="reference", expected="pass", got="pass", objective="", holds=True,
    duration_s=20.0, failed=(), reasons=(), tries=1, note="", burn={"right": 0.25, "fast": 0.1},
)  # fmt: skip
FAKE = replace(
    GOOD, control="never", kind="fake", expected="fail", got="fail", objective="right", duration_s=8.0,
    burn={"right": 3.0},
)  # fmt: skip


def lines(*rows: Row) -> list[str]:
    """Of the page, without lab and runtime."""
    text = page(margins([("process", row) for row in rows]))
    assert text.startswith(HEAD)
    return [line.removeprefix("| `desk` | process ") for line in text.removeprefix(HEAD).splitlines()]


def test_the_page_has_what_is_near_its_bound_and_no_more() -> None:
    near = [replace(GOOD, burn={"right": 0.51, "fast": 0.5}), replace(FAKE, burn={"right": 1.99})]

    assert lines(*near) == ["| right | **0.51** (reference) | **1.99** (never) |"]
    assert lines(GOOD, replace(FAKE, burn={"right": 1.9})) == ["| right | 0.25 (reference) | **1.90** (never) |"]
    assert lines(GOOD, FAKE) == []


def test_the_sheet_has_each_objective_with_the_worst_good_one_and_the_best_fake() -> None:
    worse, once = replace(GOOD, control="other", burn={"right": 0.4}), replace(FAKE, control="once", burn={"right": 5})

    text = sheet(margins([("process", row) for row in (GOOD, worse, FAKE, once)]))

    assert text.splitlines()[1:] == ["desk,process,right,0.40,other,3.00,never", "desk,process,fast,0.10,reference,,"]


def test_a_row_that_does_not_hold_measures_nothing() -> None:
    assert lines(GOOD, replace(GOOD, holds=False, burn={"right": 0.9})) == []


def test_a_fake_counts_only_for_the_objective_it_was_made_to_miss() -> None:
    assert lines(GOOD, replace(FAKE, burn={"right": 3.0, "fast": 1.5})) == []


def test_each_lab_and_runtime_is_told_apart() -> None:
    found = margins([("process", GOOD), ("compose", replace(GOOD, lab="other")), ("process", FAKE)])

    assert {(one.lab, one.runtime) for one in found} == {("desk", "process"), ("other", "compose")}
