"""The table of README.md that tells what is proven: of the labs by their ledgers, and by all exams of the series."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

from benchmarks import ledgers
from benchmarks.exams import Exam
from benchmarks.matrix import DATA, file_of, load_of
from benchmarks.tables import table
from benchmarks.verdicts import errors, load
from grader.authoring.proving.standing import Place, State
from grader.course.catalog import lab_ids

ROWS = (
    "right verdicts, of the controls that were examined there",
    "strangers' honest designs that pass, of those that were examined there",
    "still to be examined there, as they are now",
    "median seconds of a fail, of a pass",
    "series: exams on a quiet, a busy, an overloaded machine",
    "broken or fake ones that passed, of those with a verdict",
    "sound ones that failed",
    "invalid: no verdict, because of the machine",
)


def summary(standing: Sequence[Place], exams: Sequence[Exam]) -> str:
    """A column for each runtime, and one for all together.

    Args:
        standing: rows that are wanted, as they stand in the ledgers.
        exams: all that the files of the series hold.
    """
    runtimes = sorted({place.runtime for place in standing})
    columns = [
        _column([p for p in standing if p.runtime == name], [e for e in exams if e.runtime == name])
        for name in runtimes
    ]
    columns.append(_column(standing, exams))
    head = ["", *(f"`{name}`" for name in runtimes), "all"]
    return table(head, [[title, *cells] for title, *cells in zip(ROWS, *columns, strict=True)])


def _column(standing: Sequence[Place], exams: Sequence[Exam]) -> list[str]:
    loads = Counter(load_of(e.machine) for e in exams)
    strangers = [place for place in standing if place.kind == "stranger"]
    return [
        _held([place for place in standing if place.kind != "stranger"]),
        _held(strangers),
        str(len(standing) - len(_examined(standing))),
        ", ".join(_median(standing, verdict) for verdict in ("fail", "pass")),
        ", ".join(str(loads[name]) for name in ("idle", "busy", "overloaded")),
        *errors(exams),
        str(sum(e.got == "invalid" for e in exams)),
    ]


def _examined(places: Sequence[Place]) -> list[Place]:
    """Those with a verdict of the lab and the control as they are now."""
    return [place for place in places if place.state in (State.HELD, State.BROKEN)]


def _held(places: Sequence[Place]) -> str:
    examined = _examined(places)
    right = sum(place.state is State.HELD for place in examined)
    return "-" if not examined else f"all {right}" if right == len(examined) else f"{right} of {len(examined)}"


def _median(places: Sequence[Place], verdict: str) -> str:
    seconds = [p.entry.seconds for p in places if p.entry and p.state is State.HELD and p.entry.verdict == verdict]
    return f"{statistics.median(seconds):.1f}" if seconds else "-"


def text() -> str:
    """What README.md has to say of the proof."""
    return summary(ledgers.standing(), [exam for lab in lab_ids() for exam in load(file_of(lab, DATA), lab)])
