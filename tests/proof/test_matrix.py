"""Every control of every lab on local processes, and the heart of each matrix on every other runtime that works here;
with BROWNOUT_ROWS=all, every control on every one.

An exam may err: its verdicts hold with 95 % confidence, and there are a hundred of them here. So a row that does not
hold is examined twice more and has to hold both times; the run's summary names it (`tests/proof/conftest.py`), and its
cause is to be found. The whole matrix on all runtimes is held by `benchmarks.matrix`, over and over by
`benchmarks.verdicts`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from grader.catalog import find_lab, find_scenario, lab_ids
from grader.verify import Row, verify
from infra.errors import RuntimeUnavailable
from infra.runtime import Runtime, runtime, runtimes

WHOLE = "process"
ALL = os.environ.get("BROWNOUT_ROWS") == "all"
SEEDS = (20, 21, 22)


def cases() -> Iterator[tuple[str, str, str]]:
    """Runtime, lab and control: all on `WHOLE`, elsewhere the shipped lab, the first reference and the first fake."""
    for lab in lab_ids():
        controls = find_scenario(find_lab(lab)).controls
        first: dict[str, str] = {}
        for name, control in controls.items():
            first.setdefault(control.kind, name)
        heart = [name for kind, name in first.items() if kind != "alternative"]
        for place in sorted(runtimes()):
            for name in controls if place == WHOLE or ALL else heart:
                yield place, lab, name


CASES = list(cases())


@pytest.mark.proof
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("place", "lab", "control"), CASES, ids=["/".join(case) for case in CASES])
def test_the_control_holds(place: str, lab: str, control: str, again: list[str]) -> None:
    where = runtime(place)
    try:
        where.check()
    except RuntimeUnavailable as error:
        pytest.skip(str(error))

    row = examine(where, lab, control, SEEDS[0])
    if not row.holds:
        again.append(f"{place}/{lab}/{control}: {row.got}, {row.note}")
        assert all(examine(where, lab, control, seed).holds for seed in SEEDS[1:]), row


def examine(where: Runtime, lab: str, control: str, seed: int) -> Row:
    [row] = verify([lab], where, seed=seed, only=[control])
    return row
