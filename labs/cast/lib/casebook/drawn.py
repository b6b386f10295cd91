"""Activities of an experiment.yaml whose scenario has a `draw.py` with `draw(seed)`: nothing else need be written.

    provider: {type: python, module: casebook.drawn, func: begin, arguments: {service: office, seed: "${plan_seed}"}}

A scenario with other plans has an exam.py, over `casebook.acts`.
"""

from __future__ import annotations

import importlib
from typing import Any

from casebook import acts


def begin(service: str, seed: int) -> Any:
    """As `acts.begin`."""
    return acts.begin(service, _plan(seed))


def begun(service: str, seed: int) -> bool:
    """As `acts.begun`."""
    return acts.begun(service, _plan(seed))


def reached(service: str, seed: int, closed: int = 1) -> bool:
    """As `acts.reached`."""
    return acts.reached(service, _plan(seed), closed)


def _plan(seed: int) -> dict[str, Any]:
    plan: dict[str, Any] = importlib.import_module("draw").draw(seed)
    return plan
