"""The table of README.md that tells what all exams of controls came to.

It is made from the same files as the tables of `benchmarks.matrix`; a column a runtime.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from benchmarks.exams import Exam, controls_of
from benchmarks.matrix import DATA, file_of, load_of, medians, newest
from benchmarks.tables import table
from benchmarks.verdicts import errors, load
from grader.catalog import find_lab, find_scenario, lab_ids

ROWS = (
    "controls of the labs' authors with the right verdict, of all there are",
    "exams on a quiet, a busy, an overloaded machine",
    "broken or fake ones that passed, of those with a verdict",
    "sound ones that failed",
    "invalid: no verdict, because of the machine",
    "median seconds of a fail, of a pass",
)


def summary(exams: Sequence[Exam], controls: int) -> str:
    """A column for each runtime, and one for all together.

    Args:
        exams: all that the files hold.
        controls: of all labs, how many there are; designs of strangers are counted apart.
    """
    places = sorted({e.runtime for e in exams})
    columns = [_column([e for e in exams if e.runtime == place], controls) for place in places]
    columns.append(_column(exams, controls * len(places)))
    head = ["", *(f"`{place}`" for place in places), "all"]
    return table(head, [[title, *cells] for title, *cells in zip(ROWS, *columns, strict=True)])


def _column(exams: Sequence[Exam], controls: int) -> list[str]:
    last = newest(exams)
    loads = Counter(load_of(e.machine) for e in exams)
    return [
        f"{sum(e.holds for e in last)} of {controls}",
        ", ".join(str(loads[name]) for name in ("idle", "busy", "overloaded")),
        *errors(exams),
        str(sum(e.got == "invalid" for e in exams)),
        ", ".join(medians(last)),
    ]


def text() -> str:
    """What README.md has to say of the exams that there are."""
    count = sum(len(controls_of(find_scenario(find_lab(lab)))) for lab in lab_ids())
    return summary([exam for lab in lab_ids() for exam in load(file_of(lab, DATA), lab)], count)
