"""A finished run made by hand, for judging without running anything."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from grader import events
from grader.judge.record import Failure, RunRecord, TrialRecord

SCENARIO = """
lab: toy
timeline: [{phase: before, seconds: 2, rate: 50}, {phase: after, seconds: 8, rate: 50}]
trials: [{id: calm}, {id: storm}]
objectives:
  answered: {trials: [calm, storm]}
  fast: {trials: [storm], phases: [after]}
"""

SLO = """
apiVersion: openslo/v1
kind: SLO
metadata: {{name: {id}, displayName: "{title}"}}
spec:
  description: "{description}"
  service: toy
  indicator:
    metadata: {{name: {id}}}
    spec:
      ratioMetric:
        counter: true
        good: {{metricSource: {{type: Brownout, spec: {{query: "{good}"}}}}}}
        total: {{metricSource: {{type: Brownout, spec: {{query: "{total}"}}}}}}
  timeWindow: [{{duration: 28d, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{{displayName: target, target: {target}}}]
"""


def slo(
    name: str, good: str, target: float, total: str = "true", title: str = "", description: str = "Users are served."
) -> str:
    """The document of an objective; its title is "<name> title" unless given."""
    title = title or f"{name} title"
    return SLO.format(id=name, good=good, total=total, target=target, title=title, description=description)


SLOS = slo("answered", "status = 200", 0.95) + "---" + slo("fast", "latency <= 0.25", 0.9)


def request(trial: str, n: int, **changed: Any) -> dict[str, Any]:
    """The n-th of 500 requests of a 10 s trial at 50/s: answered rightly after 20 ms unless changed."""
    due = n / 50
    row = {
        "trial": trial, "kind": "request", "name": "ask", "id": f"{trial}-{n}",
        "phase": "before" if due < 2 else "after", "segment": "",
        "due": due, "sent": due + 0.001, "done": due + 0.02, "status": 200, "answer": "right",
        "served_by": "a", "value": None, "error": "",
    }  # fmt: skip
    return {**row, **changed}


def tick(trial: str, n: int, latency: float = 0.002) -> dict[str, Any]:
    """The n-th metronome probe, ten a second."""
    row = request(trial, 0, kind="metronome", name="echo", id=f"tick-{trial}-{n}", due=n / 10)
    return {**row, "sent": n / 10, "done": n / 10 + latency}


def probe(trial: str, due: float, latency: float) -> dict[str, Any]:
    """An answer of the probe `part`."""
    row = request(trial, 0, kind="probe", name="part", id=f"probe-{trial}-{due}", due=due)
    return {**row, "sent": due, "done": due + latency}


def trial(kind: str, *failures: Failure, sample: int = 0, ended_s: float = 10.0, attempt: int = 1) -> TrialRecord:
    return TrialRecord(
        id=f"{kind}.{sample}", kind=kind, title=f"trial {kind}", attempt=attempt, seed=1, parameters={}, planned_s=10.0,
        ended_s=ended_s, duration_s=12.0, failures=failures,
    )  # fmt: skip


def good_rows(*trials: TrialRecord) -> list[dict[str, Any]]:
    requests = [request(t.id, n) for t in trials for n in range(500)]
    return requests + [tick(t.id, n) for t in trials for n in range(100)]


def planned(*trials: TrialRecord) -> list[dict[str, Any]]:
    kept = ("trial", "kind", "name", "phase", "segment", "due")
    rows = [request(t.id, n) for t in trials for n in range(500)]
    return [{c: row[c] if c in kept else None for c in events.COLUMNS} for row in rows]


def write_run(
    folder: Path,
    rows: Iterable[dict[str, Any]],
    trials: tuple[TrialRecord, ...] = (trial("calm"), trial("storm")),
    scenario: str = SCENARIO,
    slos: str = SLOS,
) -> Path:
    """A run folder as the exam leaves it, without its result."""
    (folder / "scenario").mkdir(parents=True)
    (folder / "scenario" / "scenario.yaml").write_text(scenario)
    (folder / "scenario" / "slo.yaml").write_text(slos)
    for name, content in (("events", list(rows)), ("plan", planned(*trials))):
        lines = folder / f"{name}.jsonl"
        events.append(lines, content)
        events.save([lines], folder / f"{name}.parquet")
        lines.unlink()
    record = RunRecord(
        lab="toy", seed=7, runtime="process", alpha=0.05, duration_s=12.0, versions={"brownout": "0"}, trials=trials
    )
    record.save(folder)
    return folder
