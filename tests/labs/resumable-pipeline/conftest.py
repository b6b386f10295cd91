"""Fixtures of the resumable-pipeline lab's tests; helpers are in tests/labs/resumable_helpers.py."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.labs.resumable_helpers import PLATFORM


@pytest.fixture(scope="session")
def modules() -> Iterator[None]:
    """The platform's modules can be imported."""
    names = {path.stem for path in PLATFORM.glob("*.py")}
    before = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.path.insert(0, str(PLATFORM))
    yield
    sys.path.remove(str(PLATFORM))
    for name in names:
        sys.modules.pop(name, None)
    sys.modules.update(before)
