"""Controls in virtual time over draws: who has to pass burns at most half of each budget, a fake twice its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.labs.cast.model_pool.exams import check_luck, luck_cases, virtual
from tests.labs.played import staged

LAB = "shadow-deploy"
SLOW = [case for case in luck_cases(LAB) if case.id != "reference"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("control", "seeds"), SLOW)
def test_a_control_burns_what_it_should(control: str, seeds: int) -> None:
    check_luck(LAB, control, seeds)


@pytest.mark.parametrize(("kind", "word"), [("late-bad", "v1"), ("better", "v2")])
def test_the_reference_decides_right(tmp_path: Path, kind: str, word: str) -> None:
    played = virtual(LAB)
    app = staged(played.scenario, "reference", tmp_path)

    events = [each for each in played.events(kind, app, 1) if each.phase == "settled"]
    assert {each.answer for each in events if each.kind == "request"} == {word}
    assert {each.answer for each in events if each.kind == "probe"} == {"settled"}
