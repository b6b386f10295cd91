"""What the tables of a run say of its events: what made them bad, and which of them count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.report.data import RunData, hotspots, tallies, worst_requests
from grader.report.series import all_series
from grader.result import Result

Row = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("good", "event", "looks"),
    [
        ("latency <= 0.4", {"done": 2.0, "status": 200, "answer": "right"}, "slow answers"),
        ("latency <= 0.4", {"done": 2.0, "status": 200, "answer": "wrong"}, "slow answers"),
        ("latency <= 0.4", {"status": 0, "error": "timeout"}, "no answer (timeout)"),
        ("status = 200 and latency <= 0.4", {"done": 2.0, "status": 503}, "status 503"),
        ("status = 200 and latency <= 0.4", {"done": 2.0, "status": 200}, "slow answers"),
        ("answer = 'right'", {"done": 1.1, "status": 200, "answer": "wrong"}, 'answer "wrong"'),
        ("served_by = 'v2'", {"done": 1.1, "status": 200, "answer": "wrong", "served_by": "v1"}, "served by v1"),
        ("served_by = 'v2'", {"done": 1.1, "status": 503}, "status 503"),
        ("segment = 'gold'", {"done": 3.0, "status": 200, "answer": "wrong"}, ""),
    ],
)
def test_a_bad_event_is_described_by_what_the_objective_asks(
    make_run: Callable[..., Path], failed: Result, event_row: Row, good: str, event: dict[str, Any], looks: str
) -> None:
    rows = [event_row("fine.0", "request", 1.0 + n / 100, phase="baseline", **event) for n in range(3)]
    run_dir = make_run(replace(failed, trials=()), rows)
    path = run_dir / "scenario" / "slo.yaml"
    path.write_text(path.read_text().replace('query: "status = 200"', f'query: "{good}"'))

    with RunData(run_dir) as data:
        spot = hotspots(data, ["fine.0"])["available"]

    assert (spot.bad, spot.symptom) == (3, looks)


def test_a_probe_is_described_by_its_own_word(make_run: Callable[..., Path], failed: Result, event_row: Row) -> None:
    rows = [event_row("fine.0", "probe", 1.0, done=1.1, status=200, answer="too many queries", phase="baseline")]
    run_dir = make_run(replace(failed, trials=()), rows)
    path = run_dir / "scenario" / "scenario.yaml"
    path.write_text(path.read_text().replace("right: {trials: [slow, fine]}", "right: {trials: [fine], kind: probe}"))

    with RunData(run_dir) as data:
        spot = hotspots(data, ["fine.0"])["right"]

    assert spot.symptom == '"too many queries"'


def test_what_was_on_its_way_when_the_exam_stopped_is_bad_for_nothing(
    make_run: Callable[..., Path], failed: Result, event_row: Row
) -> None:
    whole = {"phase": "settled", "status": 200, "answer": "right"}
    rows = [event_row("fine.0", "request", n / 10, done=n / 10 + 0.02, **whole) for n in range(30)]
    rows += [event_row("fine.0", "request", 3 + n / 10, **{**whole, "status": 0, "answer": "none", "error": "cut"})
             for n in range(5)]  # fmt: skip
    rows += [event_row("fine.0", "metronome", 3.0, status=0, error="cut")]
    run_dir = make_run(replace(failed, trials=()), rows)

    with RunData(run_dir) as data:
        spots, counted, worst = hotspots(data, ["fine.0"]), tallies(data), worst_requests(data, 100)
        series = all_series(data)["fine.0"]

    assert spots == {}
    assert {key[0]: cell for key, cell in counted.items()} == dict.fromkeys(("in-time", "right", "available"), (0, 30))
    assert len(worst["fine.0"]) == 30
    assert sum(bucket.unanswered for bucket in series.buckets) == 0
    assert all(bucket.echo is None for bucket in series.buckets)
