"""The table of the proof in README.md, on made-up rows and exams."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.summary import ROWS, summary
from grader.authoring.proving.standing import Place, State
from grader.proof.ledger import Entry
from tests.benchmarks.test_verdicts import BAD, GOOD, INVALID, body
from tests.grader.proof.test_ledger import ENTRY


def place(runtime: str, kind: str, state: State, entry: Entry | None) -> Place:
    return Place("desk", kind, kind, runtime, state, entry)


def test_each_runtime_has_a_column_and_all_together_one() -> None:
    failed = replace(ENTRY, verdict="fail", seconds=8.0)
    standing = [
        place("k8s", "reference", State.HELD, replace(ENTRY, seconds=30.0)),
        place("k8s", "fake", State.STALE, replace(failed, seconds=99.0)),
        place("process", "reference", State.HELD, ENTRY),
        place("process", "fake", State.HELD, failed),
        place("process", "shipped", State.NEVER, None),
        place("process", "fake", State.BROKEN, ENTRY),
        place("process", "stranger", State.HELD, replace(ENTRY, seconds=22.1)),
    ]
    wrong = replace(GOOD, runtime="k8s", got="fail", holds=False, machine="busy1")
    drowned = replace(INVALID, runtime="k8s", control="other", machine="busy6")
    exams = [replace(BAD, runtime="process"), wrong, drowned, replace(BAD, runtime="k8s")]

    lines = body(summary(standing, exams))

    assert lines[ROWS[0]] == ["all 1", "2 of 3", "3 of 4"]
    assert lines[ROWS[1]] == ["-", "all 1", "all 1"]
    assert lines[ROWS[2]] == ["1", "1", "2"]
    assert lines[ROWS[3]] == ["-, 30.0", "8.0, 21.1", "8.0, 22.1"]
    assert lines[ROWS[4]] == ["1, 1, 1", "1, 0, 0", "2, 1, 1"]
    assert [cell.partition(",")[0] for cell in lines[ROWS[5]]] == ["0 of 1", "0 of 1", "0 of 2"]
    assert [cell.partition(",")[0] for cell in lines[ROWS[6]]] == ["1 of 1 (100.0 %)", "-", "1 of 1 (100.0 %)"]
    assert lines[ROWS[7]] == ["1", "0", "1"]
