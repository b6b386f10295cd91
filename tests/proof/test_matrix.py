"""Every control of every lab on local processes, and the heart of each matrix on every other runtime that works here;
with BROWNOUT_ROWS=all, every control on every one; with BROWNOUT_ROWS=third, a third of the controls on local
processes, drawn by the commit, and the hearts.

An exam may err: its verdicts hold with 95 % confidence, and there are a hundred of them here. So a row that does not
hold is examined twice more and has to hold both times; the run's summary names it (`tests/proof/conftest.py`), and its
cause is to be found. The whole matrix on all runtimes is held by `benchmarks.matrix`, over and over by
`benchmarks.verdicts`.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest

from grader.catalog import find_lab, find_scenario, lab_ids, root
from grader.verify import Row, verify
from infra.errors import RuntimeUnavailable
from infra.runtime import Runtime, runtime, runtimes

WHOLE = "process"
ROWS = os.environ.get("BROWNOUT_ROWS", "")
SEEDS = (20, 21, 22)


def cases(rows: str, turn: int) -> Iterator[tuple[str, str, str]]:
    """Runtime, lab and control: all on `WHOLE`, elsewhere the shipped lab, the first reference and the first fake.

    Args:
        rows: `all`: all of them everywhere; `third`: on `WHOLE` only each third.
        turn: which third; three turns in a row have all.
    """
    for lab in lab_ids():
        controls = find_scenario(find_lab(lab)).controls
        first: dict[str, str] = {}
        for name, control in controls.items():
            first.setdefault(control.kind, name)
        heart = [name for kind, name in first.items() if kind != "alternative"]
        for place in sorted(runtimes()):
            names = list(controls) if place == WHOLE or rows == "all" else heart
            for name in names[turn % 3 :: 3] if place == WHOLE and rows == "third" else names:
                yield place, lab, name


def commit() -> int:
    """The hash of what is tested, as a number; 0 where this is no checkout."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root(), capture_output=True, text=True, check=False)
    return int(head.stdout, 16) if head.returncode == 0 else 0


CASES = list(cases(ROWS, commit()))


@pytest.mark.parametrize("turn", range(3))
def test_three_turns_in_a_row_examine_every_control(turn: int) -> None:
    thirds = [set(cases("third", turn + n)) for n in range(3)]
    whole = set(cases("", turn))

    assert set.union(*thirds) == whole
    assert all(place != WHOLE for place, _, _ in set.intersection(*thirds))
    assert all(
        {row for row in third if row[0] != WHOLE} == {row for row in whole if row[0] != WHOLE} for third in thirds
    )


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
