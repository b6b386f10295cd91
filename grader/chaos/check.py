"""Whether an experiment can be run, before anything is started."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.chaos.experiment import load
from grader.course.modules import importable
from grader.course.reading import read_yaml


def check_experiment(path: Path, parameters: Mapping[str, Any], modules: Path | None = None) -> None:
    """Validate a whole experiment.yaml with Chaos Toolkit, functions and their arguments included, and our rule: what
    harms (kill, pause, scale, control) is followed in the method by a probe with a tolerance. Its own functions are in
    `modules`, by default the folder that it is in.

    Raises:
        BadInput: names the file and what is wrong.
    """
    with importable(modules or path.parent):
        load(path, parameters)


def has_faults(path: Path) -> bool:
    """Whether the method of a valid experiment acts at all, more than to wait: only then is there a fault to lift."""
    method = read_yaml(path)[0].get("method") or []
    return any(step.get("type") == "action" and step.get("provider", {}).get("func") != "at" for step in method)
