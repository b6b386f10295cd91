"""The table of `benchmarks.matrix`, on made-up exams."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.matrix import DATA, command, draws, errors, matrix, newest
from tests.benchmarks.test_verdicts import BAD, GOOD, INVALID, body


def test_of_several_exams_the_newest_counts_and_busy_machines_do_not() -> None:
    later = replace(INVALID, number=3)
    busy = replace(GOOD, number=4, machine="busy1")
    elsewhere = replace(GOOD, number=5, runtime="k8s")
    assert newest([later, GOOD, busy, elsewhere]) == [later, elsewhere]


def test_what_does_not_hold_or_was_not_examined_is_named() -> None:
    exams = [BAD, replace(INVALID, control="other"), replace(GOOD, runtime="k8s", duration_s=30.0)]
    lines = body(matrix(exams, {"desk": ["shipped", "other", "reference"]}))
    assert lines["`desk`, process"][:3] == ["3", "1", "`other`: invalid, `reference`: not examined"]
    assert lines["`desk`, process"][3:5] == ["8.0", "31.0"]
    assert lines["**all**, process"] == ["3", "1", "", "8.0", "31.0", ""]
    assert lines["`desk`, k8s"][1:5] == ["1", "`shipped`: not examined, `other`: not examined", "-", "30.0"]


def test_rates_are_told_by_lab_and_by_whether_the_machine_was_quiet() -> None:
    wrong = replace(GOOD, got="fail", holds=False, machine="busy1")
    drowned = replace(INVALID, machine="busy6")
    lines = body(errors([GOOD, BAD, wrong, drowned, replace(INVALID, lab="other")]))
    assert lines["`desk`, idle"][:2] == ["2", "2"]
    assert lines["`desk`, busy"][3].startswith("1 of 1")
    assert lines["`desk`, overloaded"][4].startswith("1 of 1")
    assert lines["`other`, idle"][4].startswith("1 of 1")
    assert lines["**all**"][0] == "5"


def test_controls_that_a_file_has_are_not_examined_again(tmp_path: Path, monkeypatch, capsys) -> None:
    held = (DATA / "verdicts-drift.jsonl").read_bytes()
    (tmp_path / "verdicts-drift.jsonl").write_bytes(held)
    monkeypatch.setattr("sys.argv", ["benchmarks.matrix", "drift", "--data", str(tmp_path)])

    assert command() == 0

    told = capsys.readouterr()
    assert told.err.startswith("0 exams to hold")
    assert "`drift`, process" in told.out
    assert (tmp_path / "verdicts-drift.jsonl").read_bytes() == held


def test_a_draw_that_was_held_before_is_not_one_of_its_own() -> None:
    elsewhere = replace(GOOD, number=7, runtime="k8s", machine="busy1")
    assert draws([GOOD, elsewhere, replace(GOOD, seed=GOOD.seed + 1), BAD]).startswith("3 of 4 exams")
