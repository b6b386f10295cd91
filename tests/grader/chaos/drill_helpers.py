"""A drill's rules, and a whole experiment to spoil."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.course.drill import Call, DrillRules

MODULE = "grader.chaos.activities"
RULES = DrillRules(
    file="chaos/experiment.json",
    seconds=2.0,
    asks=("http://desk:8080/",),
    faults={"error": Call(service="model", port=9000, path="/mode", payload={"mode": "error"})},
    lifts=(Call(service="model", port=9000, path="/mode", payload={"mode": "ok"}),),
)


def does(func: str, **arguments: Any) -> dict[str, Any]:
    """An action."""
    return {"type": "action", "name": func, "provider": python(func, **arguments)}


def python(func: str, **arguments: Any) -> dict[str, Any]:
    """A provider."""
    return {"type": "python", "module": MODULE, "func": func, "arguments": arguments}


def asks(url: str = "http://desk:8080/", **more: Any) -> dict[str, Any]:
    """A probe that wants 200."""
    provider = {"type": "http", "url": url, "timeout": 0.5, **more}
    return {"type": "probe", "name": "it answers", "tolerance": 200, "provider": provider}


SOUND: dict[str, Any] = {
    "title": "t",
    "steady-state-hypothesis": {"title": "it answers", "probes": [asks()]},
    "method": [does("fault", name="error"), does("wait", seconds=0.05)],
    "rollbacks": [does("lift")],
}


def spoilt(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The sound experiment, changed in place by a function."""
    experiment = copy.deepcopy(SOUND)
    change(experiment)
    return experiment


def handed_in(folder: Path, experiment: Any) -> Path:
    """A submission with this experiment: text, bytes, or what JSON is made of; returns the submission's folder."""
    file = folder / RULES.file
    file.parent.mkdir(parents=True, exist_ok=True)
    if not isinstance(experiment, str | bytes):
        experiment = json.dumps(experiment)
    file.write_bytes(experiment.encode() if isinstance(experiment, str) else experiment)
    return folder
