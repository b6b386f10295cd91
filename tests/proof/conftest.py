"""Proofs are measurements: nothing else may be tested meanwhile. Rows of the proof matrix that had to be examined
again, and those of which the machine allowed no verdict, are named in the run's summary."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import pytest

UNPROVEN = 0.1
"""Of so many rows a run may go without a verdict, a ratio; of one it always may."""


@dataclass
class Told:
    """What a run says of its rows.

    Attributes:
        examined: how many were.
        again: which did not hold at first, and why.
        unproven: which have no verdict for the machine's sake.
    """

    examined: int = 0
    again: list[str] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)

    @property
    def too_many(self) -> bool:
        """Whether more rows are without a verdict than a run may have."""
        return len(self.unproven) > max(1, UNPROVEN * self.examined)


TOLD = pytest.StashKey[Told]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TOLD] = Told()


@pytest.fixture(scope="session", autouse=True)
def alone() -> None:
    """Not one of several workers."""
    assert "PYTEST_XDIST_WORKER" not in os.environ, "proofs are measurements, one at a time: run `make proof`"


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Told:
    """What the run will say."""
    return request.config.stash[TOLD]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.stash[TOLD].too_many:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    told = config.stash[TOLD]
    unproven = "no verdict for the machine's sake" + (f": too many of {told.examined}" if told.too_many else "")
    for title, rows in (("examined again", told.again), (unproven, told.unproven)):
        if rows:
            terminalreporter.section(title)
            for row in rows:
                terminalreporter.line(row)
