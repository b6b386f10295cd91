"""The same exams in two runtimes, turn and turn about: how much longer they take in one of them.

    .venv/bin/python -m benchmarks.sides [LAB]... [--on k8s] [--beside compose] [--times 1] [--write]

Each lab as shipped, which fails, and its reference, which passes; default: all labs. An exam takes from its command to
its return: files staged, verdict written, everything removed. Who goes first alternates.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.exams import Exam, seed_of, sit
from benchmarks.machine import in_use, made_by, main
from benchmarks.tables import publish, table
from grader.course.catalog import find_lab, find_scenario, lab_ids
from grader.errors import BadInput
from infra.runtime import runtime, runtimes

KINDS = ("shipped", "reference")


@dataclass(frozen=True)
class Side:
    """One exam, and the seconds from its command to its return."""

    exam: Exam
    seconds: float

    @property
    def again(self) -> bool:
        """Whether a trial was tried more than once."""
        return max(self.exam.tries.values(), default=1) > 1


@dataclass(frozen=True)
class Pair:
    """The same exam in both runtimes."""

    on: Side
    beside: Side

    @property
    def ratio(self) -> float:
        """How many times as long it took in the one as in the other."""
        return self.on.seconds / self.beside.seconds


def held(lab: str, control: str, place: str, number: int) -> Side:
    """Hold an exam; the same number means the same seed in every runtime. Raises as `benchmarks.exams.sit`."""
    began = time.monotonic()
    seed = seed_of("sides", lab, control, number)
    exam = sit(find_scenario(find_lab(lab)), control, runtime(place), number=number, machine="idle", seed=seed)
    return Side(exam, time.monotonic() - began)


def pairs(labs: Sequence[str], on: str, beside: str, times: int) -> Iterator[Pair]:
    """Hold all, telling on stderr how far it is."""
    number = 0
    for lab in labs:
        first: dict[str, str] = {}
        for name, control in find_scenario(find_lab(lab)).controls.items():
            first.setdefault(control.kind, name)
        for kind in KINDS:
            for _ in range(times):
                order = (on, beside) if number % 2 else (beside, on)
                sides = {place: held(lab, first[kind], place, number) for place in order}
                number += 1
                pair = Pair(sides[on], sides[beside])
                print(f"{lab}, {kind}: {pair.on.seconds:.1f} and {pair.beside.seconds:.1f} s", file=sys.stderr)
                yield pair


def summary(found: Sequence[Pair], on: str, beside: str) -> str:
    """The table; of several pairs medians, and the geometric mean of all lines' ratios."""
    lines, ratios = [], []
    groups: dict[tuple[str, str], list[Pair]] = {}
    for pair in found:
        groups.setdefault((pair.on.exam.lab, pair.on.exam.kind), []).append(pair)
    for (lab, kind), group in groups.items():
        ratios.append(statistics.median(pair.ratio for pair in group))
        sides = [side for pair in group for side in (pair.on, pair.beside)]
        lines.append(
            [
                f"`{lab}`, {kind}",
                str(len(group)),
                f"{statistics.median(pair.beside.seconds for pair in group):.1f}",
                f"{statistics.median(pair.on.seconds for pair in group):.1f}",
                f"{ratios[-1]:.2f}",
                str(sum(side.again for side in sides)),
                str(sum(not side.exam.holds for side in sides)),
            ]
        )
    mean = f"{statistics.geometric_mean(ratios):.2f}" if ratios else "-"
    lines.append(["**all**, geometric mean", str(len(found)), "", "", mean, "", ""])
    head = ["exam of", "pairs", f"{beside}, s", f"{on}, s", "ratio", "with a second try", "not as expected"]
    return table(head, lines)


def command() -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.sides", description="The same exams in two runtimes.")
    parser.add_argument("labs", nargs="*", metavar="LAB", help="default all")
    parser.add_argument("--on", default="k8s", choices=sorted(runtimes()))
    parser.add_argument("--beside", default="compose", choices=sorted(runtimes()))
    parser.add_argument("--times", type=int, default=1, help="pairs of each control")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args()
    if options.on == options.beside:
        raise BadInput("--on and --beside name the same runtime: choose two")
    for place in (options.on, options.beside):
        runtime(place).check()
    labs = [find_lab(lab).id for lab in options.labs] or lab_ids()
    others = in_use()
    text = summary(list(pairs(labs, options.on, options.beside, options.times)), options.on, options.beside)
    said = ["sides", *options.labs, "--on", options.on, "--beside", options.beside, "--times", str(options.times)]
    publish("sides", f"{made_by(said, others)}\n\n{text}\n", options.write)
    return 0


if __name__ == "__main__":
    main(command)
