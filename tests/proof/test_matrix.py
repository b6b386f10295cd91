"""Every control of every lab on local processes, and the heart of each matrix on every other runtime that works here;
with BROWNOUT_ROWS=all, every control on every one.

Past BROWNOUT_PROOF_UNTIL (seconds since 1970) no row is begun: it is skipped, and said to be. The hearts come
first and the others in an order drawn by the commit, so that others are left out each time; with BROWNOUT_HEARTS=last
the others come first, where another runtime has examined the hearts.

A machine that is too busy or too slow for a verdict, three times, proves nothing of the row: it is skipped and said to
be, and more than a tenth of all rows like that fail the run (`tests/proof/conftest.py`).

An exam may err: its verdicts hold with 95 % confidence, and there are a hundred of them here. So a row that does not
hold is examined twice more and has to hold both times; the run's summary names it, and its cause is to be found. The
whole matrix on all runtimes is held by `benchmarks.matrix`, over and over by `benchmarks.verdicts`.
"""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from grader.catalog import find_lab, find_scenario, lab_ids, root
from grader.result import Verdict
from grader.verify import Row, verify
from infra.errors import RuntimeUnavailable
from infra.runtime import Runtime, runtime, runtimes

if TYPE_CHECKING:
    from tests.proof.conftest import Told

WHOLE = "process"
ALL = os.environ.get("BROWNOUT_ROWS") == "all"
UNTIL = float(os.environ.get("BROWNOUT_PROOF_UNTIL", "inf"))
SEEDS = (20, 21, 22)
MACHINE = {"machine-busy", "machine-slow", "load-late"}
Case = tuple[str, str, str]


def cases(seed: str, *, elsewhere: bool) -> Iterator[Case]:
    """Runtime, lab and control: all on `WHOLE`, elsewhere the shipped lab, the first reference and the first fake.

    Those three, a lab's heart, come first on `WHOLE` too, unless they are examined `elsewhere` as well.
    """
    hearts, others = [], []
    for lab in lab_ids():
        controls = find_scenario(find_lab(lab)).controls
        first: dict[str, str] = {}
        for name, control in controls.items():
            first.setdefault(control.kind, name)
        for name, control in controls.items():
            heart = first[control.kind] == name and control.kind not in ("alternative", "stranger")
            (hearts if heart else others).append((lab, name))
    random.Random(seed).shuffle(others)
    for place in sorted(runtimes()):
        rows = others + hearts if place == WHOLE and elsewhere else hearts + others
        for lab, name in rows if place == WHOLE or ALL else hearts:
            yield place, lab, name


def commit() -> str:
    """The hash of what is tested; empty where this is no checkout."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root(), capture_output=True, text=True, check=False)
    return head.stdout.strip()


CASES = list(cases(commit(), elsewhere=os.environ.get("BROWNOUT_HEARTS") == "last"))


@pytest.mark.proof
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("place", "lab", "control"), CASES, ids=["/".join(case) for case in CASES])
def test_the_control_holds(place: str, lab: str, control: str, told: Told) -> None:
    if time.time() > UNTIL:
        pytest.skip("no time left")
    where = runtime(place)
    try:
        where.check()
    except RuntimeUnavailable as error:
        pytest.skip(str(error))

    told.examined += 1
    row = examine(where, lab, control, SEEDS[0])
    if by_the_machine(row):
        told.unproven.append(f"{place}/{lab}/{control}: {row.note}")
        pytest.skip(f"the machine allowed no verdict: {row.note}")
    if not row.holds:
        told.again.append(f"{place}/{lab}/{control}: {row.got}, {row.note}")
        assert all(examine(where, lab, control, seed).holds for seed in SEEDS[1:]), row


def by_the_machine(row: Row) -> bool:
    """Whether a row has no verdict and all reasons for that are the machine's, or follow from them."""
    reasons = set(row.reasons) - {"no-evidence"}
    return row.got == Verdict.INVALID and reasons <= MACHINE and bool(reasons)


def examine(where: Runtime, lab: str, control: str, seed: int) -> Row:
    [row] = verify([lab], where, seed=seed, only=[control])
    return row
