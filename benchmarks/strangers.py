"""Whether an honest design that the grader's authors did not think of passes.

    .venv/bin/python -m benchmarks.strangers [LAB...] [--runtime R] [--machine M] [--exams N]

holds exams of the submissions in benchmarks/strangers/LAB/NAME/ until each was examined N times there, and goes on
where it was stopped. They were made from a lab's brief by people who had not seen its exam, its controls or its tests
(what else they looked at is said in benchmarks/README.md), and were never changed after an exam. Each should pass; one
that does not is a false fail, or a flaw of its own: which of the two has to be found out by hand.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import rows
from benchmarks.exams import Exam, seed_of, sit_as
from benchmarks.machine import PAIR, ROOT, STATES, kept, main
from benchmarks.tables import publish, quartiles, share, table
from benchmarks.verdicts import load
from grader.course.catalog import find_lab, find_scenario, lab_ids
from infra.runtime import runtime

SUBMISSIONS = ROOT / "benchmarks" / "strangers"
KEPT = ROOT / "benchmarks" / "data" / "strangers.jsonl"


def submissions(lab: str) -> list[Path]:
    """Those of a lab, in order of their names."""
    folder = SUBMISSIONS / lab
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def missing(lab: str, held: Sequence[Exam], exams: int) -> Iterator[Path]:
    """Submissions of a lab to examine next, so that each was `exams` times; one after the other, again and again."""
    counts = Counter(exam.control for exam in held if exam.lab == lab)
    for n in range(exams):
        yield from (path for path in submissions(lab) if counts[path.name] <= n)


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


def hold(labs: Sequence[str], place: str, machine: str, exams: int) -> None:
    """Hold the exams that are missing."""
    where = runtime(place)
    where.check()
    for lab in labs:
        scenario = find_scenario(find_lab(lab))
        there = load(KEPT, lab)
        here = [exam for exam in there if (exam.runtime, exam.machine) == (where.name, machine)]
        number = max((exam.number for exam in there), default=-1)
        for folder in missing(lab, here, exams):
            number += 1
            seed = seed_of("strangers", lab, number)
            with kept(machine) as busy:
                exam = sit_as(
                    folder,
                    scenario,
                    where,
                    number=number,
                    machine=machine,
                    seed=seed,
                    keep=ROOT / "results" / "strangers",
                )
                busy.check()
            rows.append(KEPT, asdict(exam))
            print(f"{lab}/{folder.name} {exam.got} {exam.duration_s:.1f} s seed {seed}", file=sys.stderr, flush=True)


def command() -> int:
    """Hold exams and print the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.strangers", description="Honest designs of others, examined.")
    parser.add_argument("labs", nargs="*", metavar="LAB")
    parser.add_argument("--runtime", default="process")
    parser.add_argument("--machine", choices=[name for name in STATES if name != PAIR], default="idle")
    parser.add_argument("--exams", type=int, default=1, metavar="N", help="of each, those that are kept too")
    parser.add_argument("--table", action="store_true", help="only print the table")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args()
    every = lab_ids()
    if not options.table:
        hold(options.labs or every, options.runtime, options.machine, options.exams)
    held = [exam for lab in every for exam in load(KEPT, lab)]
    made = "`.venv/bin/python -m benchmarks.strangers --table` from `benchmarks/data/strangers.jsonl`"
    publish("strangers", f"{made}\n\n{summary(held)}\n", options.write)
    return 0


if __name__ == "__main__":
    main(command)
