"""The page of margins: whose figures it shows."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.margins import HEAD, page
from grader.verify import Row

GOOD = Row(
    lab="desk", control="reference", kind="reference", expected="pass", got="pass", objective="", holds=True,
    duration_s=20.0, failed=(), reasons=(), tries=1, note="", burn={"right": 0.25, "fast": 0.1},
)  # fmt: skip
FAKE = replace(
    GOOD, control="never", kind="fake", expected="fail", got="fail", objective="right", duration_s=8.0,
    burn={"right": 3.0},
)  # fmt: skip


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| ")][1:]


def test_each_objective_shows_the_worst_good_one_and_the_best_fake() -> None:
    rows = [
        GOOD,
        replace(GOOD, control="other", burn={"right": 0.4}),
        FAKE,
        replace(FAKE, control="once", burn={"right": 5}),
    ]

    text = page([("process", row) for row in rows])

    assert text.startswith(HEAD)
    assert "\n## desk, process\n" in text
    assert lines(text) == ["| right | 0.40 (other) | 3.00 (never) |", "| fast | 0.10 (reference) | - |"]
    assert "good 20.0, shipped and fakes 8.0" in text


def test_what_is_near_the_bound_stands_out() -> None:
    text = page(
        [("process", row) for row in [replace(GOOD, burn={"right": 0.51}), replace(FAKE, burn={"right": 1.99})]]
    )

    assert lines(text) == ["| right | **0.51** (reference) | **1.99** (never) |"]


def test_a_row_that_does_not_hold_measures_nothing() -> None:
    text = page([("process", row) for row in [GOOD, replace(GOOD, holds=False, burn={"right": 0.9})]])

    assert lines(text)[0] == "| right | 0.25 (reference) | - |"


def test_a_fake_counts_only_for_the_objective_it_was_made_to_miss() -> None:
    text = page([("process", row) for row in [GOOD, replace(FAKE, burn={"right": 3.0, "fast": 9.0})]])

    assert lines(text)[1] == "| fast | 0.10 (reference) | - |"


def test_each_lab_and_runtime_has_a_section() -> None:
    text = page([("process", GOOD), ("compose", replace(GOOD, lab="other")), ("process", FAKE)])

    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## desk, process", "## other, compose"]
