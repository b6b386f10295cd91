"""Say where the seconds of an exam go, lab by lab: the reference's pass, and the fail whose length is the median.

`.venv/bin/python -m benchmarks.seconds` holds them on local processes, one after the other, and keeps what it saw in
data/seconds.jsonl; labs named hold only these. `--write` puts the table of what is kept into README.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from benchmarks.exams import controls_of, seed_of
from benchmarks.machine import ROOT, main
from benchmarks.tables import publish, table
from grader.course.catalog import find_lab, find_scenario, is_draft, lab_ids
from grader.course.spec import Scenario
from grader.exam import grade
from grader.exam.gang import LEAD_S
from grader.intake import staging
from grader.intake.controls import stage_control
from grader.proof import ledger
from grader.result import Progress, Verdict
from infra.runtime import runtime
from infra.system import load_system

KEPT: Path = ROOT / "benchmarks" / "data" / "seconds.jsonl"
FIGURES = ("whole", "ready", "start", "load", "answers", "wait", "stop", "later")


@dataclass
class Spent:
    """Where the seconds of one exam went; the first six seconds after `whole` add up to it.

    Attributes:
        ready: before the first system was started; the images are there.
        start: from there until a load began, of all groups of trials.
        load: from there until the last request was due.
        answers: from there until the last answer.
        wait: from there until the trials were over.
        stop: between a group and the next, and from the last to the written result.
        later: of `whole`, what went into groups after the first.
        groups: how many groups of trials were held.
    """

    lab: str
    control: str
    verdict: str
    whole: float
    ready: float = 0.0
    start: float = 0.0
    load: float = 0.0
    answers: float = 0.0
    wait: float = 0.0
    stop: float = 0.0
    later: float = 0.0
    groups: int = 0


@dataclass
class _Group:
    """Moments of a group of trials, in seconds since 1970; `trials` counts those of it and all before."""

    begins: float
    runs: float = 0.0
    ends: float = 0.0
    trials: int = 0


def hold(scenario: Scenario, control: str) -> Spent:
    """Hold one exam of a control on local processes, and say where its seconds went.

    An image that the machine does not have yet is made before the clock starts: no exam after the first waits for it.

    Raises:
        GraderError, InfraError: it cannot be held.
    """
    groups: list[_Group] = []

    def note(progress: Progress) -> None:
        stage, now = progress.stage.partition(",")[0], time.time()
        if stage == "starting" and (not groups or groups[-1].ends):
            groups.append(_Group(now))
        elif stage == "running" and not groups[-1].runs:
            groups[-1].runs = now
        elif stage == "removing" and not groups[-1].ends:
            groups[-1].ends = now
        if groups:
            groups[-1].trials = max(groups[-1].trials, len(progress.trials))

    where = runtime("process")
    where.prepare(load_system(scenario.lab.folder / "compose.yaml", scenario.lab.spec.open))
    with staging.folder() as scratch:
        began = time.time()
        result = grade(
            scenario,
            stage_control(scenario, control, scratch),
            where,
            seed=seed_of("seconds", scenario.lab.id, control),
            out=scratch / "run",
            on_progress=note,
            until=scenario.controls[control].fails,
        )
        ended = time.time()
        loads = _loads(scratch / "run" / "events.parquet")
        order = [trial.id for trial in result.trials]
    spent = Spent(scenario.lab.id, control, result.verdict.value, ended - began, groups[0].begins - began)
    spent.groups, spent.later = len(groups), ended - groups[0].ends
    for before, group in zip([_Group(0.0), *groups], groups, strict=False):
        seen = [loads[one] for one in order[before.trials : group.trials] if one in loads]
        last_due, last_done = (max((one[n] for one in seen), default=0.0) for n in (0, 1))
        runs = group.runs or group.ends
        due, done = (min(group.ends, runs + LEAD_S + one) for one in (last_due, last_done))
        spent.start += runs - group.begins
        spent.load += due - runs
        spent.answers += max(0.0, done - due)
        spent.wait += group.ends - max(due, done)
    spent.stop = spent.whole - (spent.ready + spent.start + spent.load + spent.answers + spent.wait)
    return spent


def _loads(events: Path) -> dict[str, tuple[float, float]]:
    """When the last request of each trial was due, and when the last was answered, in seconds of its own time."""
    found = duckdb.execute(
        f"SELECT trial, max(due), max(coalesce(done, due)) FROM '{events}' WHERE kind = 'request' "
        "AND error IS DISTINCT FROM 'cut' GROUP BY trial"
    ).fetchall()
    return {trial: (due, done) for trial, due, done in found}


def median_fail(scenario: Scenario) -> str:
    """Return the control whose fail takes the median of all fails on processes, by the ledger; empty without one."""
    took = sorted(
        (entry.seconds, name)
        for (where, name), entry in ledger.read(scenario.folder).items()
        if where == "process" and entry.verdict == Verdict.FAIL and name in controls_of(scenario)
    )
    return took[len(took) // 2][1] if took else ""


def text(kept: Sequence[Spent]) -> str:
    """Return the table, the slowest pass first."""
    slowest = {one.lab: one.whole for one in kept if one.verdict == "pass"}
    rows = [
        [
            f"`{one.lab}`, {one.control}",
            one.verdict,
            *(f"{getattr(one, name):.1f}" for name in FIGURES),
            f"{one.groups}",
        ]
        for one in sorted(kept, key=lambda one: (-slowest.get(one.lab, 0.0), one.lab, one.verdict == "fail"))
    ]
    medians = [
        f"Median: {statistics.median(found):.1f} s to {verdict}."
        for verdict in ("fail", "pass")
        if (found := [one.whole for one in kept if one.verdict == verdict])
    ]
    head = ["lab, control", "verdict", *FIGURES, "groups"]
    return f"{table(head, rows)}\n\n{' '.join(medians)}"


def load() -> dict[tuple[str, str], Spent]:
    """Return what is kept, by lab and verdict."""
    lines = KEPT.read_text("utf-8").splitlines() if KEPT.exists() else []
    found = [Spent(**json.loads(line)) for line in lines]
    return {(one.lab, one.verdict): one for one in found}


def command() -> int:
    """Hold exams and print the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.seconds", description="Where the seconds of exams go.")
    parser.add_argument("labs", nargs="*", help="only these; none: all that are no drafts")
    parser.add_argument("--write", action="store_true", help="hold none, put the table into README.md")
    given = parser.parse_args()
    kept = load()
    if not given.write:
        for lab in given.labs or [lab for lab in lab_ids() if not is_draft(lab)]:
            scenario = find_scenario(find_lab(lab))
            for control in filter(None, ("reference", median_fail(scenario))):
                one = hold(scenario, control)
                print(f"{lab}, {control}: {one.verdict} in {one.whole:.1f} s", flush=True)
                if one.verdict == Verdict.INVALID:
                    continue
                kept[lab, one.verdict] = one
                lines = (json.dumps(_rounded(one)) for _, one in sorted(kept.items()))
                KEPT.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    publish("seconds", text(list(kept.values())), given.write)
    return 0


def _rounded(one: Spent) -> dict[str, object]:
    return {name: round(value, 1) if isinstance(value, float) else value for name, value in asdict(one).items()}


if __name__ == "__main__":
    main(command)
