"""`river.drift`, of which each detector is loaded when it is named. See README.md."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

HOMES = {
    "ADWIN": "adwin",
    "DriftRetrainingClassifier": "retrain",
    "DummyDriftDetector": "dummy",
    "KSWIN": "kswin",
    "NoDrift": "no_drift",
    "PageHinkley": "page_hinkley",
}
"""Where a name stands; others are modules of the package."""


class _Drift(ModuleType):
    def __getattr__(self, name: str) -> Any:
        module = f"{self.__name__}.{HOMES.get(name, name)}"
        try:
            found = import_module(module)
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}") from None
        value = getattr(found, name) if name in HOMES else found
        setattr(self, name, value)
        return value


def enter() -> None:
    """Stand in for the package's own `__init__`; nothing happens where river is not installed, or already loaded."""
    if "river.drift" in sys.modules or find_spec("river") is None:
        return
    spec = find_spec("river.drift")
    if spec is None:
        return
    drift = module_from_spec(spec)
    drift.__class__ = _Drift
    drift.__dict__["__all__"] = [*HOMES]
    sys.modules["river.drift"] = drift
    sys.modules["river"].__dict__["drift"] = drift


enter()
