"""Exams two at a time: what a machine sees that grades one submission while it grades another.

`python -m benchmarks.pairs ORDER` holds the exam that one line of JSON names and prints its row; `in_pairs` keeps two
of these going. Each is a process of its own, as two runs of `lab grade` are.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.exams import Exam, sit
from benchmarks.machine import ROOT, main
from grader.course.catalog import find_lab, find_scenario
from grader.errors import Unproven
from grader.exam import Ends
from grader.lifeline import Lifeline
from infra.runtime import runtime

AT_ONCE = 2
ENDS_WITHIN_S = 60.0
LOOK_S = 0.1


@dataclass(frozen=True)
class Order:
    """One exam to hold; fields as of `benchmarks.exams.sit`."""

    lab: str
    control: str
    runtime: str
    number: int
    machine: str
    seed: int
    keep: str
    whole: bool = False

    def hold(self) -> Exam:
        """Hold it here."""
        return sit(
            find_scenario(find_lab(self.lab)),
            self.control,
            runtime(self.runtime),
            number=self.number,
            machine=self.machine,
            seed=self.seed,
            keep=Path(self.keep),
            ends=Ends.TIMELINE if self.whole else Ends.VERDICT,
        )


def in_pairs(orders: Sequence[Order]) -> Iterator[Exam]:
    """Hold all, two at a time, and give each row when its exam is over.

    None runs alone: when the last has nothing left beside it, the first is held again, and ended when the last is over.

    Raises:
        Unproven: an exam could not be held at all.
    """
    waiting = list(orders)
    running: list[tuple[subprocess.Popen[str], bool]] = []
    counted = 0
    try:
        while counted < len(orders):
            while len(running) < AT_ONCE:
                running.append((_start(waiting.pop(0)), True) if waiting else (_start(orders[0]), False))
            over = [one for one in running if one[0].poll() is not None]
            running = [one for one in running if one not in over]
            for process, counts in over:
                exam = _row(process)
                if counts:
                    counted += 1
                    yield exam
            time.sleep(LOOK_S)
    finally:
        _end([process for process, _ in running])


def _start(order: Order) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.pairs", json.dumps(asdict(order))]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _row(process: subprocess.Popen[str]) -> Exam:
    said, _ = process.communicate()
    if process.returncode:
        raise Unproven("platform", f"an exam could not be held: exit code {process.returncode}")
    return Exam(**json.loads(said.splitlines()[-1]))


def _end(processes: Sequence[subprocess.Popen[str]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.communicate(timeout=ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def command() -> int:
    """Hold one exam and print its row."""
    Lifeline().ask_kernel()
    exam = Order(**json.loads(sys.argv[1])).hold()
    print(json.dumps(asdict(exam)), flush=True)
    return 0


if __name__ == "__main__":
    main(command)
