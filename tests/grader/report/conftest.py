"""A run folder made by hand: seven trials of 700 requests with a stall, a change of the split, and faults."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader import events
from grader.result import TOO_NEAR, ObjectiveResult, Reason, Result, TrialResult, Verdict
from tests.grader.judge.synthetic import slo

RATE = 60.0
SECONDS = 11.7
FAULT = "flip-the-secret-switch"

SCENARIO = """
lab: canary
timeline:
  - {phase: baseline, seconds: 1.5, rate: 60}
  - {phase: rollout, seconds: 7.0, rate: 60}
  - {phase: settled, seconds: 3.2, rate: 60}
trials:
  - {id: slow, title: Rollout on a Monday, parameters: {secret_parameter: hidden-value}}
  - {id: fine, title: Rollout on a Friday}
objectives:
  in-time: {trials: [slow, fine], phases: [rollout, settled]}
  right: {trials: [slow, fine]}
  available: {trials: [fine]}
"""

OBJECTIVES = [
    ("in-time", "Answers in time", "A user gets an answer within 400 ms.", "latency <= 0.4", 0.99),
    ("right", "Right answers", "An answer that a user gets is the right one.", "answer = 'right'", 0.98),
    ("available", "Answers at all", "A user gets an answer.", "status = 200", 0.99),
]


def row(trial: str, kind: str, due: float, **others: Any) -> dict[str, Any]:
    """One event; what is not named is empty."""
    return {**dict.fromkeys(events.COLUMNS), "trial": trial, "kind": kind, "due": due, "sent": due, **others}


def requests(trial: str, stall: bool, rng: random.Random) -> Iterator[dict[str, Any]]:
    """700 requests, open-loop; with `stall` the system answers nothing from 4.0 to 5.2 s and drops some."""
    for n in range(700):
        due = n / RATE
        phase = "baseline" if due < 1.5 else "rollout" if due < 8.5 else "settled"
        latency = rng.lognormvariate(-3.7, 0.5)
        if stall and 4.0 <= due < 5.2:
            latency += 5.2 - due
        server = "v2" if rng.random() < min(0.5, max(0.0, (due - 1.5) / 8)) else "v1"
        lost = stall and 4.3 < due < 4.6
        common = {"id": f"{trial}-{n:05d}-{rng.randrange(16**8):08x}", "name": "/classify", "phase": phase,
                  "segment": "gold" if n % 3 else "free"}  # fmt: skip
        wrong = stall and server == "v2" and rng.random() < 0.04
        if lost:
            yield row(trial, "request", due, status=0, answer="none", error="timeout", **common)
        else:
            yield row(trial, "request", due, done=due + latency, status=200, served_by=server,
                      answer="wrong" if wrong else "right", **common)  # fmt: skip


def trial_events(trial: str, stall: bool) -> Iterator[dict[str, Any]]:
    """All events of one trial."""
    rng = random.Random(trial)
    yield from requests(trial, stall, rng)
    for n in range(int(SECONDS * 5)):
        yield row(trial, "metronome", n / 5, done=n / 5 + rng.lognormvariate(-6.2, 0.4), name="echo")
    yield row(trial, "fault", 2.0, done=2.01, name=FAULT)
    yield row(trial, "fault", 4.0, done=5.2, name=f"{FAULT}-again")


def write_events(run_dir: Path, rows: list[dict[str, Any]]) -> None:
    lines = run_dir / "events.jsonl"
    events.append(lines, rows)
    events.save([lines], run_dir / "events.parquet")
    lines.unlink()


def objective(number: int, good: int, valid: int, low: float, high: float, verdict: Verdict) -> ObjectiveResult:
    key, title, description, _, target = OBJECTIVES[number]
    estimate = good / valid if valid else None
    return ObjectiveResult(key, title, description, target, good, valid, estimate, low, high, verdict)


@pytest.fixture
def failed() -> Result:
    """Seven trials: four with a stall, three without; one objective missed, one undecided, one kept."""
    trials = [
        TrialResult(f"slow.{n}", "Rollout on a Monday", 1, Verdict.PASS, (), 760, False, 14.2, 1.2, 1.5)
        for n in range(4)
    ]
    trials += [
        TrialResult(f"fine.{n}", "Rollout on a Friday", 1, Verdict.PASS, (), 760, True, 13.9, 1.2, 1.5)
        for n in range(3)
    ]
    return Result(
        lab="canary",
        verdict=Verdict.FAIL,
        reasons=(Reason("objective-missed", "Answers in time: 94.2 % of 4,270 good, promised 99 %", "slow.0"),),
        objectives=(
            objective(0, 4022, 4270, 0.9281, 0.9512, Verdict.FAIL),
            objective(1, 4792, 4900, 0.9722, 0.9841, Verdict.UNDECIDED),
            objective(2, 2100, 2100, 0.9971, 1.0, Verdict.PASS),
        ),
        trials=tuple(trials),
        seed=4711,
        runtime="process",
        duration_s=48.3,
        versions={"brownout": "0.1.0", "envoy": "1.40.0"},
    )


@pytest.fixture
def passed(failed: Result) -> Result:
    kept = tuple(replace(o, verdict=Verdict.PASS, good=o.valid, estimate=1.0, low=0.997, high=1.0)
                 for o in failed.objectives)  # fmt: skip
    return replace(failed, verdict=Verdict.PASS, reasons=(), objectives=kept)


@pytest.fixture
def invalid(failed: Result) -> Result:
    why = Reason("load-late", "The load generator sent 12.4 % of its requests late; at most 5 % may be.", "slow.0")
    return replace(failed, verdict=Verdict.INVALID, reasons=(why,))


@pytest.fixture
def close(failed: Result) -> Result:
    """Two objectives kept, one too close to its promise to tell."""
    kept, undecided, other = failed.objectives
    why = Reason("undecided", "Right answers: 4792 of 4900 good lies too close to the promised 98 % to tell")
    kept = replace(kept, verdict=Verdict.PASS)
    return replace(failed, verdict=Verdict.INVALID, reasons=(why,), objectives=(kept, undecided, other))


def _close(passed: Result, verdict: Verdict, good: int, word: str) -> Result:
    first, near, last = passed.objectives
    near = replace(near, good=good, estimate=round(good / near.valid, 6), low=0.972, high=0.984)
    near = replace(near, verdict=verdict, close=True)
    said = f"Right answers: {100 * good / 4900:.4g} % of 4900 good, 98 % promised: {word}, but {TOO_NEAR}"
    reasons, objectives = (Reason("close", said),), (first, near, last)
    return replace(passed, verdict=verdict, close=True, reasons=reasons, objectives=objectives)


@pytest.fixture
def close_pass(passed: Result) -> Result:
    """All kept, one of them too near its promise to be proven."""
    return _close(passed, Verdict.PASS, 4810, "kept")


@pytest.fixture
def close_fail(passed: Result) -> Result:
    """One missed, too near its promise to be proven."""
    return _close(passed, Verdict.FAIL, 4792, "missed")


@pytest.fixture
def add_log() -> Callable[[Path, str, str, bytes], None]:
    """Writes logs/<trial>/<service>.log."""

    def add(run_dir: Path, trial: str, service: str, content: bytes) -> None:
        folder = run_dir / "logs" / trial
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{service}.log").write_bytes(content)

    return add


@pytest.fixture
def make_run(tmp_path: Path, add_log: Callable[[Path, str, str, bytes], None]) -> Callable[..., Path]:
    """Makes a run folder for the trials of a result; `more` are further events."""

    def make(result: Result, more: list[dict[str, Any]] | None = None) -> Path:
        rows = [event for t in result.trials for event in trial_events(t.id, t.id.startswith("slow"))]
        write_events(tmp_path, rows + (more or []))
        (tmp_path / "scenario").mkdir()
        (tmp_path / "scenario" / "scenario.yaml").write_text(SCENARIO)
        slos = [
            slo(name, good, target, title=title, description=said) for name, title, said, good, target in OBJECTIVES
        ]
        (tmp_path / "scenario" / "slo.yaml").write_text("---".join(slos))
        for t in result.trials:
            mine = [event for event in rows if event["trial"] == t.id and event["kind"] == "request"]
            lines = [json.dumps({"level": "info", "request_id": e["id"], "t": e["due"]}) for e in mine]
            add_log(tmp_path, t.id, "gateway", "\n".join(lines).encode())
            add_log(tmp_path, t.id, "model", b"loaded model v1\nready\n" * 20)
        return tmp_path

    return make


@pytest.fixture
def run_dir(make_run: Callable[..., Path], failed: Result) -> Path:
    return make_run(failed)


@pytest.fixture
def event_row() -> Callable[..., dict[str, Any]]:
    return row


@pytest.fixture
def secrets() -> tuple[str, ...]:
    """What a report must never show: step names, parameters, trial ids."""
    return (FAULT, "secret_parameter", "hidden-value", "slow.0")
