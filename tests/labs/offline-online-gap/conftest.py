"""The lab's world, imported as the casebook imports it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.course.catalog import find_lab
from tests.labs import modules


@pytest.fixture(scope="session")
def site() -> Any:
    """The world's modules, by name; `world` needs what an image has."""
    return modules.world(find_lab("offline-online-gap").folder / "world")


@pytest.fixture(scope="session")
def logs(site: Any) -> list[Any]:
    """Six logs of four pairs; a log takes a third of a second."""
    return [site.logs.Log(np.random.default_rng(seed)) for seed in range(6)]
