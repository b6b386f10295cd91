"""Every control of every lab on local processes, and the heart of each matrix on every other runtime that works here;
with BROWNOUT_ROWS=all, every control on every one; with BROWNOUT_AT_ONCE=2, two exams at a time.

An exam may err: its verdicts hold with 95 % confidence, and there are a hundred of them here. So a row that does not
hold is examined twice more and has to hold both times; the run's summary names it (`tests/proof/conftest.py`), and its
cause is to be found. The whole matrix on all runtimes is held by `benchmarks.matrix`, over and over by
`benchmarks.verdicts`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

import pytest

from grader.catalog import find_lab, find_scenario, lab_ids
from infra.errors import RuntimeUnavailable
from infra.runtime import runtime, runtimes
from tests.proof.examiner import Case, Examiner

WHOLE = "process"
ALL = os.environ.get("BROWNOUT_ROWS") == "all"
SEEDS = (20, 21, 22)


def cases() -> Iterator[Case]:
    """All controls on `WHOLE`, elsewhere the shipped lab, the first reference and the first fake."""
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


@cache
def missing(place: str) -> str:
    """Why a runtime does not work here; empty if it does."""
    try:
        runtime(place).check()
    except RuntimeUnavailable as error:
        return str(error)
    return ""


@pytest.fixture(scope="module")
def examiner(request: pytest.FixtureRequest) -> Iterator[Examiner]:
    """Holds the exams of this run's tests here, in their order."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    wanted = [item.callspec.params["case"] for item in items if item.originalname == test_the_control_holds.__name__]
    examiner = Examiner([case for case in wanted if not missing(case[0])], SEEDS[0])
    yield examiner
    examiner.end()


@pytest.mark.proof
@pytest.mark.timeout(900)
@pytest.mark.parametrize("case", CASES, ids=["/".join(case) for case in CASES])
def test_the_control_holds(case: Case, examiner: Examiner, again: list[str]) -> None:
    if why := missing(case[0]):
        pytest.skip(why)

    first = examiner.of(case)
    if not first.holds:
        again.append(f"{'/'.join(case)}: {first.said.strip()}")
        assert all(examiner.examine(case, seed).holds for seed in SEEDS[1:]), first.said
