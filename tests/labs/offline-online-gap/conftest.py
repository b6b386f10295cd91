"""The lab's world, imported as the casebook imports it."""

from __future__ import annotations

from typing import Any

import pytest

from grader.course.catalog import find_lab
from tests.labs import modules


@pytest.fixture(scope="session")
def site() -> Any:
    """The world's modules, by name; `world` needs what an image has."""
    return modules.world(find_lab("offline-online-gap").folder / "world")
