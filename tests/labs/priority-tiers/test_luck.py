"""Controls in virtual time over draws: who has to pass burns at most half of each budget, a fake twice its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course import catalog
from grader.intake.controls import copy_control
from tests.labs.modules import importable

HERE = Path(__file__).parent
CONTROLS = sorted(path.parent.name for path in catalog.root().glob("scenarios/priority-tiers/controls/*/control.yaml"))
FEW = 1  # bad event that is forgiven


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("control", "seeds"),
    [
        pytest.param("reference", 1, id="reference"),
        *(pytest.param(control, 3, marks=pytest.mark.slow, id=f"{control}, three draws") for control in CONTROLS),
    ],
)
def test_a_control_burns_what_it_should(control: str, seeds: int, tmp_path: Path) -> None:
    with importable(HERE):
        import sim

        exam = sim.the_exam()
        known = exam.controls[control]
        copy_control(exam, control, tmp_path)
        burns = [sim.play(exam, tmp_path / "scheduler", seed) for seed in range(1, seeds + 1)]

    for name in exam.slos:
        seen = [each[name] for each in burns]
        if name == known.fails:
            assert all(burn.burnt >= 2 - 1e-9 for burn in seen), (name, seen)
        elif name not in known.also:
            assert all((burn.bad - FEW) / burn.of <= burn.budget / 2 for burn in seen), (name, seen)
