"""Whether an honest design that the grader's authors did not think of passes.

    .venv/bin/python -m benchmarks.strangers [LAB...] [--runtime R] [--machine M] [--exams N]

holds exams of the controls of kind `stranger` until each was examined N times there, and goes on where it was stopped.
They were made from a lab's brief by people who had not seen its exam, its controls or its tests (what else they looked
at is said in benchmarks/README.md), and were never changed after an exam. Each should pass; one that does not is a
false fail, or a flaw of its own: which of the two has to be found out by hand.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from benchmarks.exams import Exam, controls_of
from benchmarks.machine import ROOT, STATES, main
from benchmarks.tables import publish, quartiles, share, table
from benchmarks.verdicts import Series, hold, load
from grader.course.catalog import find_lab, find_scenario, lab_ids

KEPT = ROOT / "benchmarks" / "data" / "strangers.jsonl"
RUNS = ROOT / "results" / "strangers"


def summary(exams: Sequence[Exam]) -> str:
    """Table: a row for each lab, runtime and state of the machine, and one for all together."""
    head = ["lab, runtime, machine", "designs", "exams", "false fail", "invalid", "closest to a bound", "seconds"]
    groups: dict[str, list[Exam]] = {}
    for exam in sorted(exams, key=lambda e: (e.lab, e.runtime, list(STATES).index(e.machine))):
        groups.setdefault(f"`{exam.lab}`, {exam.runtime}, {exam.machine}", []).append(exam)
    lines = [_line(name, group) for name, group in groups.items()]
    return table(head, [*lines, _line("**all**", exams)])


def _line(name: str, exams: Sequence[Exam]) -> list[str]:
    decided = [exam for exam in exams if exam.got != "invalid"]
    return [
        name,
        str(len({(exam.lab, exam.control) for exam in exams})),
        str(len(exams)),
        share(sum(exam.is_false for exam in decided), len(decided)),
        share(len(exams) - len(decided), len(exams)),
        _closest(decided),
        quartiles([exam.duration_s for exam in decided]),
    ]


def _closest(exams: Sequence[Exam]) -> str:
    """The highest ratio of bad events, as a multiple of what its objective allows, and which that was."""
    found = [(ratio, objective, exam.control) for exam in exams for objective, ratio in exam.burn.items()]
    if not found:
        return "-"
    ratio, objective, control = max(found)
    return f"{ratio:.2f} ({objective}, {control})" if ratio else "0.00"


def command() -> int:
    """Hold exams and print the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.strangers", description="Honest designs of others, examined.")
    parser.add_argument("labs", nargs="*", metavar="LAB")
    parser.add_argument("--runtime", default="process")
    parser.add_argument("--machine", choices=list(STATES), default="idle")
    parser.add_argument("--exams", type=int, default=1, metavar="N", help="of each, those that are kept too")
    parser.add_argument("--table", action="store_true", help="only print the table")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args()
    every = lab_ids()
    for lab in () if options.table else options.labs or every:
        exams = options.exams * len(controls_of(find_scenario(find_lab(lab)), strangers=True))
        hold(Series(lab, options.runtime, options.machine, exams, strangers=True, keep=RUNS), KEPT)
    held = [exam for lab in every for exam in load(KEPT, lab)]
    made = "`.venv/bin/python -m benchmarks.strangers --table` from `benchmarks/data/strangers.jsonl`"
    publish("strangers", f"{made}\n\n{summary(held)}\n", options.write)
    return 0


if __name__ == "__main__":
    main(command)
