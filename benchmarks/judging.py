"""Judging ten million events: `.venv/bin/python -m benchmarks.judging [EVENTS] [--write]`. Prints a Markdown table."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import in_use, made_by, main
from benchmarks.tables import publish, table
from grader import events
from grader.course.catalog import find_lab, find_scenario
from grader.course.slo import save_slos
from grader.judge.record import RunRecord, TrialRecord

OBJECTIVES = 6
TRIALS = 7


def make_run(folder: Path, total: int) -> None:
    """A run folder with `total` requests over seven trials, judged by six objectives as `canary` is."""
    (folder / "scenario").mkdir()
    scenario = find_scenario(find_lab("canary"))
    (folder / "scenario" / "scenario.yaml").write_text(scenario.text, "utf-8")
    save_slos(scenario.slos, folder / "scenario" / "slo.yaml")
    kinds = ["slow", "tenant", "wrong", "fine", "noisy", "load", "killed"]
    names = ", ".join(f"'{kind}.0'" for kind in kinds)
    connection = events.connect()
    connection.execute(
        f"""CREATE TABLE rows AS SELECT [{names}][1 + i % {TRIALS}] AS trial, 'request' AS kind, 'read' AS name,
            i::VARCHAR AS id,
            CASE WHEN i % 10 = 0 THEN 'baseline' WHEN i % 10 < 8 THEN 'rollout' ELSE 'settled' END AS phase,
            'alderpost' AS segment, 12.5 * i / {total} AS due, due + 0.001 AS sent, due + 0.01 AS done, 200 AS status,
            'right' AS answer, 'v2' AS served_by, NULL::DOUBLE AS value, '' AS error FROM range({total}) t(i)"""
    )
    for name in ("events", "plan"):
        connection.execute(f"COPY (SELECT {', '.join(events.COLUMNS)} FROM rows) TO '{folder / name}.parquet'")
    trials = tuple(
        TrialRecord(id=f"{k}.0", kind=k, title=k, attempt=1, seed=1, parameters={}, planned_s=12.5, ended_s=12.5)
        for k in kinds
    )
    RunRecord(lab="canary", seed=1, runtime="process", alpha=0.05, duration_s=1.0, versions={}, trials=trials).save(
        folder
    )


def judged(total: int) -> list[float]:
    """Seconds that each of five processes takes to judge the same run, shortest first."""
    code = "import sys; from pathlib import Path; from grader.judge.run import judge_run; judge_run(Path(sys.argv[1]))"
    times = []
    with tempfile.TemporaryDirectory() as scratch:
        make_run(Path(scratch), total)
        for _ in range(5):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", code, scratch], check=True)
            times.append(time.perf_counter() - began)
    return sorted(times)


def command() -> int:
    """Make a run, judge it five times, print the times; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.judging", description="How long judging many events takes.")
    parser.add_argument("events", nargs="?", type=int, default=10_000_000)
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args()
    above = made_by(["judging", str(options.events)], in_use())
    times = judged(options.events)
    cells = [f"{options.events:,}", *(f"{times[n]:.2f}" for n in (0, 2, -1))]
    text = table(["events, judged 5 times", "fastest s", "median s", "slowest s"], [cells])
    publish("judging", f"{above}\n\n{text}", options.write)
    return 0


if __name__ == "__main__":
    main(command)
