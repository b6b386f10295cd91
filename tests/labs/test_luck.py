"""A control's verdict is known only if luck seldom decides for it: each over plans that are drawn for `lab play`.

Every day, the key controls of a lab that changed; `proof`, all of all labs. CI holds exams of controls that changed
instead, which cost less than plays of all.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.audit.accepted import read
from grader.authoring.play.crew import play_all
from grader.authoring.play.room import misfits
from grader.authoring.play.season import is_playable, unplayed
from grader.authoring.proving.standing import key_controls
from grader.cli.playing import What, play
from grader.course import catalog
from grader.errors import BadInput
from grader.intake.controls import stage_control

PLAYABLE = [lab_id for lab_id in catalog.lab_ids() if is_playable(catalog.find_scenario(catalog.find_lab(lab_id)))]


def test_labs_that_ask_a_casebook_are_played_unless_they_say_why_not_and_others_are_not() -> None:
    loads = catalog.root().glob("labs/*/rehearsal/load.py")
    asks = {path.parents[1].name for path in loads if "casebook" in path.read_text("utf-8")}
    left_out = {lab_id for lab_id in asks if read(catalog.find_scenario(catalog.find_lab(lab_id))).unplayed}

    assert set(PLAYABLE) == asks - left_out
    assert len(PLAYABLE) >= 10
    assert len(left_out) <= 1, "a lab that no play looks at is an exception"


@pytest.mark.parametrize("lab_id", sorted(set(catalog.lab_ids()) - set(PLAYABLE)))
def test_what_is_not_played_says_in_one_sentence_that_only_an_exam_tells(lab_id: str) -> None:
    why = unplayed(catalog.find_scenario(catalog.find_lab(lab_id)))
    for what, way in ((What(), f"lab grade {lab_id}"), (What("reference"), f"lab verify {lab_id} --control reference")):
        with pytest.raises(BadInput) as refused:
            play(lab_id, what, seeds=1, jobs=1, case="", as_json=False)

        said = str(refused.value)
        assert said.startswith(f"lab {lab_id} judges ") and f"{why}: only an exam tells" in said
        assert said.endswith(f"take `{way}`") and ". " not in said and "\n" not in said


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
