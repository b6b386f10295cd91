"""A process is known again though the clock was set right in between."""

from __future__ import annotations

import os

import psutil
import pytest

from infra.common import owner


@pytest.mark.parametrize("moved_s", [-1.0, 0.0, 1.0])
def test_a_process_is_known_again_once_the_clock_was_set_right(moved_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
    who = owner.identity(os.getpid())
    told = psutil.Process.create_time

    monkeypatch.setattr(psutil.Process, "create_time", lambda process: told(process) + moved_s)

    assert owner.alive(who)


def test_a_later_process_of_that_number_is_another() -> None:
    pid, _, created = owner.identity(os.getpid()).partition(":")

    assert not owner.alive(f"{pid}:{float(created) - 60:.2f}")
