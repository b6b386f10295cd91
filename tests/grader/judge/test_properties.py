"""What must hold of the judge whatever the events are: over real tables, with outcomes that Hypothesis makes up."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import events
from grader.errors import BadRun
from grader.judge.decide import Counts, Errors, decide, objective_result
from grader.judge.record import EVENT_FILES, RunRecord, load_record
from grader.judge.run import judge_run, load_rules
from grader.judge.verdict import Rules, count, judge
from grader.result import Result, Verdict
from tests.grader.judge.synthetic import good_rows, planned, request, trial, write_run

pytestmark = pytest.mark.slow  # the judge's other tests kill the same mutants

CALM, STORM = trial("calm"), trial("storm")
CALM_ROWS = good_rows(CALM)
ORDER = [Verdict.PASS, Verdict.UNDECIDED, Verdict.INVALID, Verdict.FAIL]
EACH = settings(max_examples=12, deadline=None)
KINDS = {
    "good": {},
    "slow": {"done": 99.0},
    "lost": {"done": None, "status": 0, "answer": "none", "error": "timeout"},
    "refused": {"status": 500},
    "torn": {"status": None},
    "cut": {"error": "cut", "done": None, "sent": None},
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of good events, never changed."""
    return write_run(tmp_path_factory.mktemp("kept") / "run", good_rows(CALM, STORM))


@pytest.fixture(scope="module")
def rules(kept: Path) -> Rules:
    return load_rules(kept / "scenario")


@pytest.fixture(scope="module")
def record(kept: Path) -> RunRecord:
    return load_record(kept)


@st.composite
def outcomes(draw: st.DrawFn) -> list[str]:
    """How each of the storm's 500 requests ended: mostly well, the others in bursts anywhere."""
    kinds = ["good"] * 500
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, 499))
        step = draw(st.integers(1, 20))
        for n in range(start, min(500, start + step * draw(st.integers(1, 120))), step):
            kinds[n] = draw(st.sampled_from(sorted(KINDS)))
    return kinds


def rows_of(kinds: Sequence[str]) -> list[dict[str, Any]]:
    storm = [request("storm.0", n, **KINDS[kind]) for n, kind in enumerate(kinds)]
    return [*CALM_ROWS, *storm]


@contextmanager
def tables(*parts: Sequence[dict[str, Any]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The events in a file for each part, as a running exam has them, and the plan of both trials."""
    with tempfile.TemporaryDirectory() as scratch:
        files = [Path(scratch, f"{n}.jsonl") for n in range(len(parts))]
        for path, part in zip(files, parts, strict=True):
            events.append(path, part)
        events.append(Path(scratch, "plan"), planned(CALM, STORM))
        connection = events.live(files, [Path(scratch, "plan")])
        try:
            yield connection
        finally:
            connection.close()


def judged(record: RunRecord, rules: Rules, *parts: Sequence[dict[str, Any]]) -> Result:
    with tables(*parts) as connection:
        return judge(record, rules, connection)


@EACH
@given(kinds=outcomes(), spoiled=st.sets(st.integers(0, 499), max_size=200))
def test_more_bad_events_never_make_a_verdict_better(
    record: RunRecord, rules: Rules, kinds: list[str], spoiled: set[int]
) -> None:
    worse = ["lost" if n in spoiled and kind != "cut" else kind for n, kind in enumerate(kinds)]

    before, after = (judged(record, rules, rows_of(each)) for each in (kinds, worse))

    assert ORDER.index(after.verdict) >= ORDER.index(before.verdict)
    for one, other in zip(before.objectives, after.objectives, strict=True):
        assert ORDER.index(other.verdict) >= ORDER.index(one.verdict)
        assert (other.low, other.high) <= (one.low, one.high)


@EACH
@given(kinds=outcomes(), rng=st.randoms(use_true_random=False))
def test_the_order_in_which_events_arrive_does_not_matter(
    record: RunRecord, rules: Rules, kinds: list[str], rng: Any
) -> None:
    rows = rows_of(kinds)
    shuffled = rng.sample(rows, len(rows))

    assert judged(record, rules, shuffled) == judged(record, rules, rows)


@EACH
@given(kinds=outcomes(), cut=st.integers(0, 1100), every=st.integers(2, 9))
def test_two_halves_make_the_whole(record: RunRecord, rules: Rules, kinds: list[str], cut: int, every: int) -> None:
    rows = rows_of(kinds)
    woven = [rows[::every], [row for n, row in enumerate(rows) if n % every]]

    whole = judged(record, rules, rows)

    assert judged(record, rules, rows[:cut], rows[cut:]) == whole
    assert judged(record, rules, *woven) == whole


@EACH
@given(kinds=outcomes(), cut=st.integers(0, 1100))
def test_counts_of_two_halves_add_up(rules: Rules, kinds: list[str], cut: int) -> None:
    rows = rows_of(kinds)
    counts = []
    for part in (rows, rows[:cut], rows[cut:]):
        with tables(part) as connection:
            counts.append(count(connection, rules, [CALM, STORM]))

    for name in rules.slos:
        whole, first, second = (c[name] for c in counts)
        assert (whole.good, whole.valid) == (first.good + second.good, first.valid + second.valid)
        assert whole.valid + whole.remaining == first.valid + first.remaining == second.valid + second.remaining


@EACH
@given(kinds=outcomes(), seen=st.integers(0, 500))
def test_what_is_decided_midway_is_what_the_whole_run_says(
    record: RunRecord, rules: Rules, kinds: list[str], seen: int
) -> None:
    kinds = ["lost" if kind == "cut" else kind for kind in kinds]
    rows = rows_of(kinds)
    midway = replace_storm(record, ended_s=max(seen / 50, 0.02) if seen < 500 else 10.0)

    early = judged(midway, rules, rows[: len(rows) - 500 + seen])
    whole = judged(record, rules, rows)

    for one, other in zip(early.objectives, whole.objectives, strict=True):
        assert one.verdict in (Verdict.UNDECIDED, other.verdict)


def replace_storm(record: RunRecord, ended_s: float) -> RunRecord:
    calm, storm = record.trials
    return record.model_copy(update={"trials": (calm, storm.model_copy(update={"ended_s": ended_s}))})


@given(
    bad=st.integers(0, 2000), good=st.integers(0, 2000), remaining=st.integers(0, 300),
    target=st.sampled_from([0.5, 0.8, 0.95, 0.99]), k=st.integers(1, 12),
)  # fmt: skip
def test_an_objective_says_what_its_interval_says(
    rules: Rules, bad: int, good: int, remaining: int, target: float, k: int
) -> None:
    errors = Errors.of_exam(0.05, k)
    slo = rules.slos["fast"].model_copy(deep=True)
    body = slo.spec.model_copy(update={"objectives": (slo.spec.objectives[0].model_copy(update={"target": target}),)})
    slo = slo.model_copy(update={"spec": body})

    result = objective_result(slo, Counts(good, good + bad, remaining), errors)

    assert 0 <= result.low <= (result.estimate if result.estimate is not None else result.low) <= result.high <= 1
    if result.verdict is Verdict.FAIL:
        assert result.high <= target + 2e-6
    if result.verdict is Verdict.PASS:
        assert result.low >= target - 2e-6
    if remaining == 0 and result.low > target + 2e-6:
        assert result.verdict is Verdict.PASS
    seen = objective_result(slo, Counts(good, good + bad, 0), errors)
    assert result.of == seen.of + remaining
    assert replace(result, verdict=seen.verdict, of=seen.of, most_bad=seen.most_bad) == seen


@given(bad=st.integers(0, 800), good=st.integers(0, 800), target=st.floats(0.5, 0.99), k=st.integers(1, 12))
def test_more_objectives_make_a_fail_harder_and_a_pass_no_easier(bad: int, good: int, target: float, k: int) -> None:
    counts = Counts(good, good + bad, 0)

    alone, shared = (decide(counts, target, Errors.of_exam(0.05, n)) for n in (1, k))

    assert shared is alone or (alone is Verdict.FAIL and shared is Verdict.UNDECIDED)


def spoil(kept: Path, name: str, data: bytes, folder: Path) -> Path:
    """A copy of the run with one file replaced."""
    for each in ("run.json", *EVENT_FILES):
        (folder / each).write_bytes(data if each == name else (kept / each).read_bytes())
    return folder


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(["run.json", *EVENT_FILES]), share=st.floats(0, 1, exclude_max=True))
def test_a_truncated_file_is_refused(kept: Path, name: str, share: float) -> None:
    whole = (kept / name).read_bytes().rstrip(b"\n")

    with tempfile.TemporaryDirectory() as scratch, pytest.raises(BadRun, match=name):
        load_record(spoil(kept, name, whole[: int(share * len(whole))], Path(scratch)))


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(EVENT_FILES), place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_one_changed_byte_of_the_events_is_refused(kept: Path, name: str, place: float, flip: int) -> None:
    data = bytearray((kept / name).read_bytes())
    data[int(place * len(data))] ^= flip

    with tempfile.TemporaryDirectory() as scratch, pytest.raises(BadRun, match=name):
        load_record(spoil(kept, name, bytes(data), Path(scratch)))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_changed_run_record_is_refused_or_read_whole(kept: Path, data: st.DataObject) -> None:
    text = bytearray((kept / "run.json").read_bytes())
    text[data.draw(st.integers(0, len(text) - 1))] ^= data.draw(st.integers(1, 255))

    with tempfile.TemporaryDirectory() as scratch:
        try:
            found = load_record(spoil(kept, "run.json", bytes(text), Path(scratch)))
        except BadRun as error:
            assert "run.json" in str(error) or "parquet" in str(error)
        else:
            assert {trial.kind for trial in found.trials} and set(found.digests) >= set(EVENT_FILES)


def test_event_files_of_another_run_or_in_each_others_place_are_refused(kept: Path, tmp_path: Path) -> None:
    other = write_run(tmp_path / "other", good_rows(CALM, STORM)[1:])

    for data in ((other / "events.parquet").read_bytes(), (kept / "plan.parquet").read_bytes(), b""):
        (tmp_path / "x").mkdir(exist_ok=True)
        with pytest.raises(BadRun, match="events.parquet"):
            load_record(spoil(kept, "events.parquet", data, tmp_path / "x"))


def test_a_refused_run_keeps_the_result_it_had(kept: Path, tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", good_rows(CALM, STORM))
    judge_run(run)
    result = (run / "result.json").read_bytes()
    (run / "events.parquet").write_bytes((run / "events.parquet").read_bytes()[:-9])

    with pytest.raises(BadRun):
        judge_run(run)

    assert (run / "result.json").read_bytes() == result
