"""Judging ten million events: `python benchmarks/judging.py [EVENTS]`. Prints one row of a Markdown table."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader import events
from grader.judge.record import RunRecord, TrialRecord

OBJECTIVES = 6
TRIALS = 7
ROOT = Path(__file__).resolve().parent.parent


def make_run(folder: Path, total: int) -> None:
    """A run folder with `total` requests over seven trials, judged by six objectives as `canary` is."""
    (folder / "scenario").mkdir()
    for name in ("scenario.yaml", "slo.yaml"):
        (folder / "scenario" / name).write_text((ROOT / "scenarios" / "canary" / name).read_text())
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
    for table in ("events", "plan"):
        connection.execute(f"COPY (SELECT {', '.join(events.COLUMNS)} FROM rows) TO '{folder / table}.parquet'")
    trials = tuple(
        TrialRecord(id=f"{k}.0", kind=k, title=k, attempt=1, seed=1, parameters={}, planned_s=12.5, ended_s=12.5)
        for k in kinds
    )
    RunRecord(lab="canary", seed=1, runtime="process", alpha=0.05, duration_s=1.0, versions={}, trials=trials).save(
        folder
    )


def main() -> None:
    """Make the run, judge it five times in a new process each, print the times in seconds."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    code = "import sys; from pathlib import Path; from grader.judge.run import judge_run; judge_run(Path(sys.argv[1]))"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make_run(folder, total)
        times = []
        for _ in range(5):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", code, scratch], check=True)
            times.append(time.perf_counter() - began)
    times.sort()
    print("| events | fastest s | median s | slowest s | command |\n|---|---|---|---|---|")
    print(f"| {total:,} | {times[0]:.2f} | {times[2]:.2f} | {times[-1]:.2f} | `python benchmarks/judging.py {total}` |")


if __name__ == "__main__":
    main()
