"""The tables of `benchmarks.verdicts`, on made-up exams, and which exams it holds next."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import rows, verdicts
from benchmarks.exams import Exam, controls_of, seed_of
from benchmarks.tables import share
from benchmarks.verdicts import (
    Series,
    by_condition,
    by_control,
    by_objective,
    errors,
    hold,
    load,
    missing,
    report,
    stopping,
)
from grader.course.catalog import find_lab, find_scenario
from grader.errors import BadInput

GOOD = Exam(
    number=0, lab="desk", control="reference", kind="reference", expected="pass", got="pass", aims_at="", failed=[],
    holds=True, burn={"right": 0.25}, tries={"only.0": 1}, reasons=[], trial_reasons=[],
    runtime="process", machine="idle", seed=7, duration_s=20.0, commit="abc1234",
)  # fmt: skip
BAD = replace(
    GOOD, control="shipped", kind="shipped", expected="fail", got="fail", aims_at="right", failed=["right"],
    burn={"right": 3.0}, duration_s=8.0,
)  # fmt: skip
INVALID = replace(GOOD, got="invalid", holds=False, reasons=["machine-busy"], duration_s=31.0)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def body(table: str) -> dict[str, list[str]]:
    return {cells(line)[0]: cells(line)[1:] for line in table.splitlines()[2:]}


@pytest.mark.parametrize("exams", range(10))
def test_any_prefix_of_the_exams_is_balanced(exams: int) -> None:
    counts = Counter(missing(["a", "b", "c"], [], exams))

    assert counts.total() == exams
    assert max(counts.values(), default=0) - min(counts[name] for name in "abc") <= 1


def test_what_was_held_is_not_held_again() -> None:
    everything = missing(["a", "b", "c"], [], 8)

    for done in range(9):
        assert missing(["a", "b", "c"], everything[:done], 8) == everything[done:]
    assert missing(["a", "b", "c"], everything, 5) == []


def test_a_new_control_catches_up_and_a_removed_one_does_not_count() -> None:
    assert missing(["a", "new"], ["a", "a", "gone", "gone"], 4) == ["new", "new"]


def test_seeds_differ_by_exam_and_by_base_and_stay_the_same() -> None:
    seeds = {seed_of(base, number) for base in range(3) for number in range(300)}

    assert len(seeds) == 900
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert seed_of(1, 0) == 1395928989


def test_false_verdicts_are_counted_against_their_own_kind() -> None:
    exams = [BAD] * 9 + [replace(BAD, got="pass")] + [GOOD] * 3 + [replace(GOOD, got="fail")] * 2

    assert errors(exams) == (share(1, 10), share(2, 5))


def test_an_invalid_exam_is_no_false_verdict_and_no_evidence_for_one() -> None:
    assert errors([INVALID, GOOD, replace(BAD, got="invalid")]) == ("-", share(0, 1))


def test_conditions_have_a_row_each_in_order_and_one_for_all() -> None:
    busy = replace(BAD, machine="busy2")
    docker = replace(GOOD, runtime="compose")

    table = body(by_condition([busy, busy, BAD, GOOD, INVALID, docker, replace(BAD, machine="busy1")]))

    assert list(table) == ["compose, idle", "process, idle", "process, busy1", "process, busy2", "**all**"]
    assert [row[0] for row in table.values()] == ["1", "3", "1", "2", "7"]
    assert table["process, idle"][:2] == ["3", "2"]
    assert table["process, idle"][4] == share(1, 3)
    assert table["process, idle"][5:] == ["8.0 / 8.0 / 8.0", "20.0 / 20.0 / 20.0"]
    assert table["process, busy2"][2:4] == [share(0, 2), "-"]


def test_one_condition_needs_no_row_for_all() -> None:
    assert list(body(by_condition([GOOD, BAD]))) == ["process, idle"]


def test_controls_have_a_row_each_with_all_they_got() -> None:
    table = body(by_control([GOOD, replace(GOOD, got="fail", holds=False), INVALID, BAD, BAD]))

    assert table["reference"][:6] == ["pass", "3", "1", "1", "1", "1"]
    assert table["shipped"][:6] == ["fail", "2", "2", "0", "2", "0"]


def test_exams_come_back_from_their_file_but_for_a_line_that_was_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "data" / "verdicts.jsonl"
    for exam in (GOOD, replace(BAD, lab="other"), BAD):
        rows.append(path, asdict(exam))
    with path.open("a") as file:
        file.write('{"lab":"desk","cont')

    assert load(path, "desk") == [GOOD, BAD]
    rows.append(path, asdict(INVALID))
    assert load(path, "desk") == [GOOD, BAD, INVALID]
    assert len(path.read_text().splitlines()) == 4


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    for text in ("nonsense\n{}\n", '{"lab":"desk"}\n', "[1]\n"):
        (tmp_path / "x.jsonl").write_text(text)
        with pytest.raises(BadInput, match="x.jsonl"):
            load(tmp_path / "x.jsonl", "desk")


def test_a_report_names_its_source_and_commits() -> None:
    text = report([GOOD, replace(BAD, commit="def5678")], "data/x.jsonl")

    assert "benchmarks.verdicts desk --table" in text
    assert "abc1234 (1), def5678 (1)" in text
    assert report([], "data/x.jsonl") == "no exams in `data/x.jsonl` yet"


def test_an_objectives_margin_is_that_of_the_worst_on_each_side() -> None:
    unheld = replace(BAD, holds=False, burn={"right": 1.1})
    other = replace(BAD, aims_at="fast", burn={"right": 1.2, "fast": 9.0})
    exams = [GOOD, replace(GOOD, burn={"right": 0.4, "fast": 0.1}), INVALID, BAD, unheld, other]

    table = body(by_objective(exams))

    assert table == {"right": ["0.40", "3.00"], "fast": ["0.10", "9.00"]}


def test_early_exams_are_compared_with_whole_ones_of_the_same_place() -> None:
    whole = [replace(GOOD, duration_s=30.0), replace(BAD, duration_s=29.0)]
    early = [GOOD, BAD, replace(BAD, runtime="compose", duration_s=99.0), INVALID]

    table = body(stopping(whole, early).partition("\n\n")[2])

    assert table["shipped"] == ["1", "29.0 / 29.0 / 29.0", "1", "8.0 / 8.0 / 8.0"]
    assert table["good ones"] == ["1", "30.0 / 30.0 / 30.0", "1", "20.0 / 20.0 / 20.0"]
    assert table["fakes"] == ["0", "-", "0", "-"]


@pytest.mark.parametrize("sound", [False, True])
def test_a_series_takes_only_sound_controls_where_that_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sound: bool
) -> None:
    examined: list[str] = []
    monkeypatch.setattr(verdicts, "_one_by_one", lambda orders: examined.extend(o.control for o in orders) or ())

    hold(Series("drift", exams=100, sound=sound), tmp_path / "rows.jsonl")

    scenario = find_scenario(find_lab("drift"))
    controls = controls_of(scenario)
    must_pass = {name for name in controls if scenario.controls[name].fails is None}
    assert len(examined) == 100
    assert set(examined) == (must_pass if sound else set(controls))
    assert len(must_pass) < len(controls)


def test_another_series_draws_anew_even_into_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds: list[int] = []
    monkeypatch.setattr(verdicts, "_one_by_one", lambda orders: seeds.extend(o.seed for o in orders) or ())

    for place, machine, made in (
        ("process", "idle", "a1"),
        ("process", "busy1", "a1"),
        ("elsewhere", "idle", "a1"),
        ("process", "idle", "b2"),
        ("process", "idle", "a1"),
    ):
        monkeypatch.setattr(verdicts, "commit", lambda made=made: made)
        monkeypatch.setattr(verdicts, "runtime", lambda _, place=place: SimpleNamespace(name=place, check=lambda: None))
        hold(Series("drift", machine=machine, exams=10), tmp_path / f"{len(seeds)}.jsonl")

    assert len(set(seeds)) == 40
    assert seeds[40:] == seeds[:10], "an exam can be held again"
