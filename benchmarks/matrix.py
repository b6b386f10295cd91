"""The proof matrix of every lab on one runtime: each control examined once, in the open.

    .venv/bin/python -m benchmarks.matrix --runtime k8s [LAB...] [--write]

holds the exams that are missing, as `benchmarks.verdicts` does and into the same files, and prints one table over all
runtimes and one of error rates over all exams that the files hold. `--write` puts them into benchmarks/README.md. In
the matrix, the newest exam of a control counts. What is proven of the labs as they are is in their ledgers.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.exams import Exam, controls_of
from benchmarks.machine import OVERLOADED, ROOT, main
from benchmarks.tables import publish, table
from benchmarks.verdicts import RATES, Series, hold, load, rates
from grader.course.catalog import find_lab, find_scenario, lab_ids

DATA = ROOT / "benchmarks" / "data"


def newest(exams: Iterable[Exam]) -> list[Exam]:
    """The last exam of each control on each runtime, of those on an idle machine."""
    found = {(e.lab, e.runtime, e.control): e for e in sorted(exams, key=lambda e: e.number) if e.machine == "idle"}
    return list(found.values())


def matrix(exams: Sequence[Exam], controls: dict[str, list[str]]) -> str:
    """Table: a row for each lab and runtime of which anything was examined, and one for each runtime with all its labs.

    Args:
        exams: of `newest`.
        controls: of each lab, all that there are.
    """
    head = ["lab, runtime", "controls", "hold", "others", "median s of a fail", "of a pass", "commit"]
    places = sorted({(e.lab, e.runtime) for e in exams})
    lines = [_line(lab, place, _of(exams, lab, place), controls[lab]) for lab, place in places]
    for place in sorted({place for _, place in places}):
        there = [e for e in exams if e.runtime == place and e.control in controls[e.lab]]
        count = sum(len(controls[lab]) for lab, where in places if where == place)
        lines.append([f"**all**, {place}", str(count), str(sum(e.holds for e in there)), "", *medians(there), ""])
    return table(head, lines)


def _of(exams: Sequence[Exam], lab: str, place: str) -> list[Exam]:
    return [e for e in exams if (e.lab, e.runtime) == (lab, place)]


def _line(lab: str, place: str, exams: Sequence[Exam], controls: Sequence[str]) -> list[str]:
    mine = [e for e in exams if e.control in controls]
    others = [f"`{e.control}`: {e.got}" for e in mine if not e.holds]
    others += [f"`{name}`: not examined" for name in controls if name not in {e.control for e in mine}]
    return [
        f"`{lab}`, {place}",
        str(len(controls)),
        str(sum(e.holds for e in mine)),
        ", ".join(others) or "-",
        *medians(mine),
        ", ".join(sorted({e.commit for e in mine})),
    ]


def medians(exams: Sequence[Exam]) -> list[str]:
    """Median seconds of those that should fail, and of those that should pass."""
    groups = [[e.duration_s for e in exams if e.expected == expected] for expected in ("fail", "pass")]
    return [f"{statistics.median(seconds):.1f}" if seconds else "-" for seconds in groups]


def errors(exams: Sequence[Exam]) -> str:
    """Table: error rates of each lab, quiet, busy and overloaded machines apart, and of all together."""
    lines = []
    for lab in sorted({e.lab for e in exams}):
        for name in ("idle", "busy", "overloaded"):
            if group := [e for e in exams if e.lab == lab and load_of(e.machine) == name]:
                lines.append(rates(f"`{lab}`, {name}", group))
    return table(["lab, machine", *RATES], [*lines, rates("**all**", exams)])


def draws(exams: Sequence[Exam]) -> str:
    """How many exams had a draw of their own (faults, moments, requests), which bounds of `errors` take all for."""
    own = len({(e.lab, e.control, e.seed) for e in exams})
    others = "the others repeat one of the same control at another time or place"
    return f"{own} of {len(exams)} exams have a draw of their own, {others}."


def load_of(machine: str) -> str:
    """How much a state of the machine is: idle, busy or overloaded."""
    if machine in OVERLOADED:
        return "overloaded"
    return "idle" if machine == "idle" else "busy"


def file_of(lab: str, data: Path) -> Path:
    """Where a lab's exams are kept."""
    return data / f"verdicts-{lab}.jsonl"


def command() -> int:
    """Hold exams and print the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.matrix", description="The proof matrix of all labs.")
    parser.add_argument("labs", nargs="*", metavar="LAB")
    parser.add_argument("--runtime", default="process")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the files of exams")
    parser.add_argument("--table", action="store_true", help="only print the table")
    parser.add_argument("--write", action="store_true", help="put the tables into their places")
    options = parser.parse_args()
    every = lab_ids()
    for lab in () if options.table else options.labs or every:
        hold(Series(lab, options.runtime), file_of(lab, options.data))
    held = [exam for lab in every for exam in load(file_of(lab, options.data), lab)]
    exams = newest(held)
    controls = {lab: controls_of(find_scenario(find_lab(lab))) for lab in every}
    made = "`.venv/bin/python -m benchmarks.matrix --table` from `benchmarks/data/verdicts-*.jsonl`"
    publish("matrix", f"{made}\n\n{matrix(exams, controls)}\n", options.write)
    publish("errors", f"{made}. {draws(held)}\n\n{errors(held)}\n", options.write)
    return 0


if __name__ == "__main__":
    main(command)
