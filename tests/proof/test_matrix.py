"""Every control of every lab, on every runtime that works here: the proof of the graders."""

from __future__ import annotations

import pytest

from grader.catalog import find_lab, find_scenario, lab_ids
from grader.verify import verify
from infra.errors import RuntimeUnavailable
from infra.runtime import runtime, runtimes

CONTROLS = [(lab, control) for lab in lab_ids() for control in find_scenario(find_lab(lab)).controls]


@pytest.mark.proof
@pytest.mark.timeout(400)
@pytest.mark.parametrize("place", sorted(runtimes()))
@pytest.mark.parametrize(("lab", "control"), CONTROLS, ids=["/".join(pair) for pair in CONTROLS])
def test_the_control_holds(place: str, lab: str, control: str) -> None:
    where = runtime(place)
    try:
        where.check()
    except RuntimeUnavailable as error:
        pytest.skip(str(error))

    [row] = verify([lab], where, seed=20, only=[control])

    assert row.holds, row
