"""Proofs are measurements: nothing else may be tested meanwhile. Rows of the proof matrix that had to be examined again
are named in the run's summary."""

from __future__ import annotations

import os

import pytest

AGAIN = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[AGAIN] = []


@pytest.fixture(scope="session", autouse=True)
def alone() -> None:
    """Not one of several workers."""
    assert "PYTEST_XDIST_WORKER" not in os.environ, "proofs are measurements, one at a time: run `make proof`"


@pytest.fixture
def again(request: pytest.FixtureRequest) -> list[str]:
    """Rows that did not hold at first, and why."""
    return request.config.stash[AGAIN]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if rows := config.stash[AGAIN]:
        terminalreporter.section("examined again")
        for row in rows:
            terminalreporter.line(row)
