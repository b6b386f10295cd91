"""An experiment.yaml read, filled with a trial's parameters, and checked whole."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chaoslib import substitute
from chaoslib.exceptions import ChaosException
from chaoslib.experiment import ensure_experiment_is_valid
from chaoslib.hypothesis import ensure_hypothesis_tolerance_is_valid

from grader.course.reading import read_yaml
from grader.errors import BadInput
from grader.faults import HARMFUL

Step = dict[str, Any]
ACTIVITIES = ("grader.labkit", "grader.faults")
"""Modules that experiments name for the faults of the engine: by its face, and as labs did before there was one."""

_NAME = re.compile(r"\$\{(\w+)\}")

_log = logging.getLogger("chaostoolkit")
_log.addHandler(logging.NullHandler())
_log.propagate = False


def load(path: Path, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The experiment with `parameters` over its `configuration`, and its tolerances filled in, as Chaos Toolkit itself
    does for arguments only. Functions beside the file (exam.py) must be importable.

    Raises:
        BadInput: it is malformed, names what there is not, or has a fault that nothing sees act.
    """
    experiment = read_yaml(path)[0]
    if not isinstance(experiment, dict):
        raise BadInput(f"{path}: top level: must be a mapping")
    experiment["configuration"] = {**(experiment.get("configuration") or {}), **parameters}
    try:
        for step in steps(experiment):
            if "tolerance" in step:
                step["tolerance"] = substitute(step["tolerance"], experiment["configuration"], None)
        ensure_experiment_is_valid(experiment)
        for step in experiment["method"]:
            if "tolerance" in step:
                ensure_hypothesis_tolerance_is_valid(step["tolerance"])
    except ChaosException as error:
        raise BadInput(f"{path}: {error}") from error
    except (TypeError, AttributeError, KeyError, ValueError) as error:  # chaoslib on a list where it wants a mapping
        raise BadInput(f"{path}: is not shaped like an experiment: {error!r}") from error
    for problem in _problems(experiment):
        raise BadInput(f"{path}: {problem}")
    return experiment


def steps(experiment: Mapping[str, Any]) -> list[Step]:
    """All steps: of the hypothesis, the method and the rollbacks."""
    hypothesis = experiment.get("steady-state-hypothesis") or {}
    return [*hypothesis.get("probes", []), *(experiment.get("method") or []), *(experiment.get("rollbacks") or [])]


def _problems(experiment: Mapping[str, Any]) -> Iterator[str]:
    method: list[Step] = experiment["method"]
    for step in steps(experiment):
        provider = step.get("provider", {})
        for name in _NAME.findall(repr((provider.get("arguments"), step.get("tolerance"), step.get("pauses")))):
            if name not in experiment["configuration"]:
                yield f"step {step['name']!r}: ${{{name}}} is neither a parameter of the trial nor in configuration"
    for n, step in enumerate(method):
        if _harms(step) and not any(_sees(later) for later in method[n + 1 :]):
            yield f"method: {step['name']!r} does harm, but no later probe with a tolerance sees it act"


def _harms(step: Step) -> bool:
    provider = step.get("provider", {})
    return provider.get("module") in ACTIVITIES and provider.get("func") in HARMFUL


def _sees(step: Step) -> bool:
    return step.get("type") == "probe" and "tolerance" in step
