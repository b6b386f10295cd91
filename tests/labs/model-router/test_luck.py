"""Controls in virtual time over draws: who has to pass burns at most half of each budget, a fake twice its own."""

from __future__ import annotations

import pytest

from tests.labs.cast.model_pool.exams import check_luck, luck_cases


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("control", "seeds"), luck_cases("model-router"))
def test_a_control_burns_what_it_should(control: str, seeds: int) -> None:
    check_luck("model-router", control, seeds)
