"""What must hold of close calls whatever the events are: sound evidence, all of it seen, outcomes that Hypothesis
makes up, as many of them bad as an objective's budget and more."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader import events
from grader.judge.record import RunRecord, load_record
from grader.judge.run import load_rules
from grader.judge.verdict import Rules, _close, judge
from grader.result import ObjectiveResult, Result, Verdict
from tests.grader.judge.synthetic import good_rows, planned, trial, write_run

TRIALS = trial("calm"), trial("storm")
ROWS = good_rows(*TRIALS)
BAD: tuple[dict[str, Any], ...] = (
    {"done": 99.0},
    {"done": None, "status": 0, "answer": "none", "error": "timeout"},
    {"status": 500},
    {"status": None},
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("kept") / "run", ROWS)


@pytest.fixture(scope="module")
def rules(run: Path) -> Rules:
    return load_rules(run / "scenario")


@pytest.fixture(scope="module")
def record(run: Path) -> RunRecord:
    return load_record(run)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("streams")


def stream(calm: int, storm: int, seed: int) -> list[dict[str, Any]]:
    """All events, of which so many requests of each trial, anywhere, are bad in some way."""
    rng = random.Random(seed)
    hit = {f"{kind}.0-{n}" for kind, bad in (("calm", calm), ("storm", storm)) for n in rng.sample(range(500), bad)}
    return [{**row, **rng.choice(BAD)} if row["id"] in hit else row for row in ROWS]


def judged(folder: Path, record: RunRecord, rules: Rules, rows: list[dict[str, Any]]) -> tuple[Result, Result]:
    """By the same evidence, where a close call is decided and where it is invalid."""
    files = [folder / name for name in ("events.jsonl", "plan.jsonl")]
    for path, content in zip(files, (rows, planned(*TRIALS)), strict=True):
        path.unlink(missing_ok=True)
        events.append(path, content)
    connection: duckdb.DuckDBPyConnection = events.live(files[:1], files[1:])
    try:
        decided = judge(record.model_copy(update={"close": "decide"}), rules, connection)
        return decided, judge(record.model_copy(update={"close": "invalid"}), rules, connection)
    finally:
        connection.close()


def by_ratio(one: ObjectiveResult) -> Verdict:
    """The side on which what was measured lies, exactly: a target is a decimal, as it is written."""
    return Verdict.PASS if Fraction(one.good, one.valid) >= Fraction(str(one.target)) else Verdict.FAIL


@settings(max_examples=40, deadline=None)
@given(calm=st.integers(0, 60), storm=st.integers(0, 90), seed=st.integers(0, 2**32))
@example(calm=0, storm=0, seed=0)
@example(calm=25, storm=25, seed=1)
@example(calm=0, storm=50, seed=2)
@example(calm=0, storm=250, seed=3)
def test_sound_evidence_ends_in_pass_or_fail_by_what_was_measured(
    scratch: Path, record: RunRecord, rules: Rules, calm: int, storm: int, seed: int
) -> None:
    decided, invalid = judged(scratch, record, rules, stream(calm, storm, seed))

    assert decided.verdict in (Verdict.PASS, Verdict.FAIL)
    assert all(trial.verdict is Verdict.PASS for trial in decided.trials), "the evidence is sound"
    assert all(one.verdict is by_ratio(one) for one in decided.objectives if one.close)
    assert decided.close is any(one.close for one in decided.objectives)
    if decided.close:
        assert decided.verdict is max(map(by_ratio, decided.objectives), key=[Verdict.PASS, Verdict.FAIL].index)

    proven = {one.id: one.verdict for one in decided.objectives if not one.close}
    assert proven == {one.id: one.verdict for one in invalid.objectives if one.id in proven}
    near = [one for one in invalid.objectives if one.id not in proven]
    assert not any(one.close for one in invalid.objectives)
    assert all(one.verdict is Verdict.UNDECIDED for one in near)
    assert invalid.verdict is (Verdict.INVALID if decided.close else decided.verdict)


@pytest.mark.parametrize(("bad", "verdict"), [(49, Verdict.PASS), (50, Verdict.PASS), (51, Verdict.FAIL)])
def test_exactly_what_was_promised_is_kept(
    scratch: Path, record: RunRecord, rules: Rules, bad: int, verdict: Verdict
) -> None:
    """50 of 1,000 where 95 % are promised: the 0.05 of a float is not what the promise says."""
    hit = {f"calm.0-{n}" for n in range(bad)}

    rows = [{**row, "status": 500} if row["id"] in hit else row for row in ROWS]
    decided, invalid = judged(scratch, record, rules, rows)

    assert (decided.verdict, decided.close, invalid.verdict) == (verdict, True, Verdict.INVALID)


def test_a_ratio_that_misses_its_promise_never_reads_like_it() -> None:
    one = ObjectiveResult("kept", "Kept", "", 0.9, 89999, 100000, 0.89999, 0.89, 0.91, Verdict.FAIL, close=True)

    assert _close(one).startswith("89.999 % of 100000 good, 90 % promised: missed")
