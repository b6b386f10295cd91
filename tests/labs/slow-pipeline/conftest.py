"""The lab's world, imported as the casebook imports it, and what the lab's job makes of rows."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

import pytest

from grader.course.catalog import find_lab
from tests.labs.modules import importable

LAB = find_lab("slow-pipeline").folder


@pytest.fixture(scope="session")
def office() -> SimpleNamespace:
    """The world's modules that need no package of an image, by name."""
    with importable(LAB / "world"):
        names = "nights", "course", "judge", "pictures"
        return SimpleNamespace(**{name: importlib.import_module(name) for name in names})


@pytest.fixture(scope="session")
def job() -> Any:
    """The job's table, as it is shipped."""
    with importable(LAB / "job"):
        return importlib.import_module("prepare")
