"""Proofs are measurements: they wait until the machine is theirs. Rows of the proof matrix that had to be examined
again are named in the run's summary."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

BESIDE = "BROWNOUT_TESTS_BESIDE"
"""Names a file that is there while other tests run on this machine (.ci/run)."""

AGAIN = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[AGAIN] = []


@pytest.fixture(scope="session", autouse=True)
def alone() -> None:
    """Wait until nothing else is tested here; the time that one test may take is the most it may be."""
    beside = os.environ.get(BESIDE)
    while beside and Path(beside).exists():
        time.sleep(1)


@pytest.fixture
def again(request: pytest.FixtureRequest) -> list[str]:
    """Rows that did not hold at first, and why."""
    return request.config.stash[AGAIN]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if rows := config.stash[AGAIN]:
        terminalreporter.section("examined again")
        for row in rows:
            terminalreporter.line(row)
