"""Proofs are measurements: nothing else may be tested meanwhile."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def alone() -> None:
    """Not one of several workers."""
    assert "PYTEST_XDIST_WORKER" not in os.environ, "proofs are measurements, one at a time: run `make proof`"
