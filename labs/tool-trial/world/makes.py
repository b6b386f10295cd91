"""How a detector is built from its make and settings, and run: river's own, and the team's."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from types import ModuleType
from typing import Any

import windows

RIVER = {"ADWIN": "adwin", "PageHinkley": "page_hinkley"}
"""Modules of `river.drift`."""


def alarms(make: str, settings: str, values: list[float]) -> list[int]:
    """The rows at which a new detector rings. All begin anew by themselves after an alarm."""
    module, _, name = make.rpartition(".")
    detector = (getattr(windows, name) if module == "windows" else _of_river(name))(**json.loads(settings))
    update, found = detector.update, []
    for row, value in enumerate(values):
        update(value)
        if detector.drift_detected:
            found.append(row)
    return found


def _of_river(name: str) -> Any:
    """A class of `river.drift`. River's packages import scikit-learn and much else, 130 MB and more than a second, for
    two small modules: so their folders are entered, and what they import is left out."""
    if "river" not in sys.modules:
        spec = importlib.util.find_spec("river")
        if spec is None or not spec.submodule_search_locations:
            raise ImportError("river is in image papers alone")
        for package, folder in (("river", ""), ("river.drift", "/drift")):
            entered = ModuleType(package)
            entered.__path__ = [spec.submodule_search_locations[0] + folder]
            sys.modules[package] = entered
    return getattr(importlib.import_module(f"river.drift.{RIVER[name]}"), name)
