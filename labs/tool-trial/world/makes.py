"""How a detector is built from its make and settings, and run: river's own, and the team's."""

from __future__ import annotations

import importlib
import json

import light_river  # noqa: F401  # without it river takes 130 MB
import windows


def alarms(make: str, settings: str, values: list[float]) -> list[int]:
    """The places in a list of values at which a new detector rings. All begin anew by themselves after an alarm."""
    module, _, name = make.rpartition(".")
    home = windows if module == "windows" else importlib.import_module(module)
    detector = getattr(home, name)(**json.loads(settings))
    update, found = detector.update, []
    for row, value in enumerate(values):
        update(value)
        if detector.drift_detected:
            found.append(row)
    return found
