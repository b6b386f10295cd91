"""Fixtures of the resumable-pipeline lab's tests; helpers are in tests/labs/resumable_helpers.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.labs.modules import importable
from tests.labs.resumable_helpers import PLATFORM


@pytest.fixture(scope="module")
def modules() -> Iterator[None]:
    """The platform's modules can be imported."""
    with importable(PLATFORM):
        yield
