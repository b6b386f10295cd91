"""A control's verdict is known only if luck seldom decides for it: each over plans that are drawn for `lab play`.

Every day, the key controls of a lab that changed; `proof`, all of all labs. CI holds exams of controls that changed
instead, which cost less than plays of all.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.play.crew import play_all
from grader.authoring.play.room import misfits
from grader.authoring.play.season import is_playable
from grader.authoring.proving.standing import key_controls
from grader.course import catalog
from grader.intake.controls import stage_control

PLAYABLE = [lab_id for lab_id in catalog.lab_ids() if is_playable(catalog.find_scenario(catalog.find_lab(lab_id)))]


def test_labs_that_ask_a_casebook_are_played_and_others_are_not() -> None:
    loads = catalog.root().glob("labs/*/rehearsal/load.py")
    asks = {path.parents[1].name for path in loads if "casebook" in path.read_text("utf-8")}

    assert set(PLAYABLE) == asks
    assert len(PLAYABLE) >= 10


@pytest.mark.timeout(6000)
@pytest.mark.parametrize(
    ("plans", "every"),
    [
        pytest.param(2, False, id="key controls"),
        pytest.param(4, True, marks=pytest.mark.proof, id="all"),
        pytest.param(20, True, marks=pytest.mark.proof, id="all, over twenty plans"),
    ],
)
@pytest.mark.parametrize("lab_id", PLAYABLE)
def test_controls_have_room(lab_id: str, plans: int, every: bool, tmp_path: Path) -> None:
    scenario = catalog.find_scenario(catalog.find_lab(lab_id))
    said = []
    for name in scenario.controls if every else key_controls(scenario.controls):
        files = stage_control(scenario, name, tmp_path / name).path
        played = play_all(scenario, files, range(1, plans + 1), 2, tmp_path / f"{name}-log")
        control = scenario.controls[name]
        said += [f"{name}: {misfit}" for misfit in misfits(scenario, control, [one.tallies for one in played])]
    assert said == []
