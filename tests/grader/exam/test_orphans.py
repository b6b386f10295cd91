"""Helpers of an exam that was killed while they were still starting: the end of it is heard nevertheless."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from grader.lifeline import STARTER, Lifeline


@pytest.fixture
def gone() -> str:
    """The id of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return str(ended.pid)


def test_a_metronome_ends_whose_starter_was_gone_before_it_looked(gone: str) -> None:
    process = subprocess.Popen([sys.executable, "-m", "grader.metronome"], env={**os.environ, STARTER: gone})
    try:
        assert process.wait(20) == 0
    finally:
        process.kill()


def test_the_starter_is_told_once(gone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a helper starts itself has another one."""
    monkeypatch.setenv(STARTER, gone)

    assert Lifeline().cut()
    assert not Lifeline().cut()
