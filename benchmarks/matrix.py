"""The proof matrix of all labs, several times in a row: does it hold every time?

    .venv/bin/python -m benchmarks.matrix --times 5 --machine busy1

runs `lab verify --all` until the file has that many runs on this runtime and in this state of the machine. It can be
stopped at any moment and goes on where it was. `--table` prints what the file holds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import rows
from benchmarks.exams import seed_of
from benchmarks.machine import ROOT, STATES, commit, kept, main
from benchmarks.tables import publish, table
from grader.catalog import find_lab, find_scenario, lab_ids
from grader.errors import BadInput
from grader.verify import Row, verify
from infra.runtime import runtime


@dataclass(frozen=True)
class Proof:
    """One row of a matrix in run number `run`, counted from 1; `tries` counts the exams until one was not invalid."""

    run: int
    lab: str
    control: str
    kind: str
    expected: str
    got: str
    failed: list[str]
    holds: bool
    tries: int
    note: str
    runtime: str
    machine: str
    seed: int
    duration_s: float
    commit: str

    @property
    def invalid(self) -> int:
        """Exams that were invalid."""
        return self.tries if self.got == "invalid" else self.tries - 1


def missing(
    controls: Sequence[tuple[str, str]], held: set[tuple[int, str, str]], times: int
) -> list[tuple[int, str, str]]:
    """Run number, lab and control of each row that is not held yet, run after run."""
    every = ((run, lab, control) for run in range(1, times + 1) for lab, control in controls)
    return [key for key in every if key not in held]


def by_control(proofs: Sequence[Proof]) -> str:
    """Table: a row for each runtime, state of the machine and control, and a last one for all."""
    head = ["control", "runtime, machine", "expected", "held", "got otherwise", "invalid", "median s", "longest s"]
    lines = [_line(name, group) for name, group in _groups(proofs)]
    held = sum(p.holds for p in proofs)
    invalid = sum(p.invalid for p in proofs)
    longest = max(p.duration_s for p in proofs)
    last = ["**all**", "", "", f"**{held} of {len(proofs)}**", "", str(invalid), "", f"{longest:.1f}"]
    return table(head, [*lines, last])


def _groups(proofs: Sequence[Proof]) -> Iterator[tuple[tuple[str, str], list[Proof]]]:
    states = list(STATES)
    keys = sorted({(p.runtime, states.index(p.machine), p.lab, p.control) for p in proofs})
    for place, state, lab, control in keys:
        wanted = (place, states[state], lab, control)
        group = [p for p in proofs if (p.runtime, p.machine, p.lab, p.control) == wanted]
        yield (f"{lab}/{control}", f"{place}, {states[state]}"), group


def _line(name: tuple[str, str], group: Sequence[Proof]) -> list[str]:
    seconds = [p.duration_s for p in group]
    other = Counter(p.got for p in group if p.got != p.expected)
    return [
        *name,
        group[0].expected,
        f"{sum(p.holds for p in group)} of {len(group)}",
        ", ".join(f"{count} {got}" for got, count in other.items()) or "-",
        str(sum(p.invalid for p in group)),
        f"{statistics.median(seconds):.1f}",
        f"{max(seconds):.1f}",
    ]


def report(proofs: Sequence[Proof], source: str) -> str:
    """The table, with what one needs to read it."""
    if not proofs:
        return f"no runs in `{source}` yet"
    commits = ", ".join(f"{name} ({count})" for name, count in Counter(p.commit for p in proofs).items())
    return (
        f"`.venv/bin/python -m benchmarks.matrix --table` from `{source}`; commits: {commits}.\n"
        "A fake holds when it fails on the objective that it was made to fool. An invalid exam is tried again,\n"
        f"at most twice, and counted.\n\n{by_control(proofs)}"
    )


def load(path: Path) -> list[Proof]:
    """Rows that a file holds; raises BadInput if it holds something else."""
    try:
        return [Proof(**row) for row in rows.read(path)]
    except TypeError as error:
        raise BadInput(f"{path}: is not a file of matrix rows: {error}") from error


def prove(options: argparse.Namespace, into: Path) -> None:
    """Grade what is missing."""
    place = runtime(options.runtime)
    place.check()
    controls = [(lab, control) for lab in lab_ids() for control in find_scenario(find_lab(lab)).controls]
    there = {(p.run, p.lab, p.control) for p in load(into) if (p.runtime, p.machine) == (place.name, options.machine)}
    wanted = missing(controls, there, options.times)
    keep = options.keep / f"{place.name}-{options.machine}-{time.strftime('%Y%m%d-%H%M%S')}"
    with kept(options.machine) as busy:
        for n, (run, lab, control) in enumerate(wanted, 1):
            seed = seed_of(options.seed, place.name, options.machine, run, lab, control)
            [row] = verify([lab], place, seed=seed, only=[control], keep=keep)
            busy.check()
            rows.append(into, asdict(_proof(row, run, place.name, options.machine, seed)))
            holds = "holds" if row.holds else f"DOES NOT HOLD: {row.note}"
            text = f"{n}/{len(wanted)} run {run} {lab}/{control} {row.got} {row.duration_s:.1f} s {holds}"
            print(text, file=sys.stderr, flush=True)


def _proof(row: Row, run: int, place: str, machine: str, seed: int) -> Proof:
    return Proof(
        run=run,
        lab=row.lab,
        control=row.control,
        kind=row.kind,
        expected=row.expected,
        got=row.got,
        failed=list(row.failed),
        holds=row.holds,
        tries=row.tries,
        note=row.note,
        runtime=place,
        machine=machine,
        seed=seed,
        duration_s=row.duration_s,
        commit=commit(),
    )


def command() -> int:
    """Run the matrices and print the table; returns 1 if a row does not hold, else 0."""
    parser = argparse.ArgumentParser(prog="benchmarks.matrix", description="The proof matrix, several times in a row.")
    parser.add_argument("--times", type=int, default=5, help="in all, those in FILE too")
    parser.add_argument("--runtime", default="process")
    parser.add_argument("--machine", choices=list(STATES), default="idle")
    parser.add_argument("--into", type=Path, metavar="FILE", default=ROOT / "benchmarks" / "data" / "matrix.jsonl")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", type=Path, default=ROOT / "results" / "matrix", help="for run folders that do not hold"
    )
    parser.add_argument("--table", action="store_true", help="only print the table")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args()
    into = options.into.absolute()
    if not options.table:
        prove(options, into)
    proofs = load(into)
    publish(
        "matrix", report(proofs, str(into.relative_to(ROOT)) if into.is_relative_to(ROOT) else str(into)), options.write
    )
    return 0 if all(p.holds for p in proofs) else 1


if __name__ == "__main__":
    main(command)
