"""The table of `benchmarks.matrix`, on made-up rows, and what it grades next."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.matrix import Proof, by_control, missing

ROW = Proof(
    run=1,
    lab="desk",
    control="reference",
    kind="reference",
    expected="pass",
    got="pass",
    failed=[],
    holds=True,
    tries=1,
    note="",
    runtime="process",
    machine="idle",
    seed=7,
    duration_s=20.0,
    commit="abc1234",
)


def body(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_only_what_is_missing_is_graded_run_after_run() -> None:
    controls = [("desk", "a"), ("desk", "b")]

    assert missing(controls, set(), 2) == [(1, "desk", "a"), (1, "desk", "b"), (2, "desk", "a"), (2, "desk", "b")]
    assert missing(controls, {(1, "desk", "a"), (2, "desk", "a")}, 2) == [(1, "desk", "b"), (2, "desk", "b")]
    assert missing(controls, {(1, "desk", "a"), (1, "desk", "b")}, 1) == []


def test_the_table_counts_what_held_and_each_invalid_exam() -> None:
    rows = [
        ROW,
        replace(ROW, run=2, tries=3, duration_s=30.0),
        replace(ROW, run=3, tries=3, got="invalid", holds=False, duration_s=40.0),
        replace(ROW, machine="busy1"),
    ]

    idle, busy, every = body(by_control(rows))

    assert idle == ["desk/reference", "process, idle", "pass", "2 of 3", "1 invalid", "5", "30.0", "40.0"]
    assert busy == ["desk/reference", "process, busy1", "pass", "1 of 1", "-", "0", "20.0", "20.0"]
    assert every == ["**all**", "", "", "**3 of 4**", "", "5", "", "40.0"]
