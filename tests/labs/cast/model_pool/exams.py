"""Exams of a lab on the model pool in virtual time: a control's own code before the real pool, judged as an exam's
events are.

    .venv/bin/python -m tests.labs.cast.model_pool.exams priority-tiers 4 reference strict    # four seeds of each

The lab's open folder has a `main.app`; its other sealed service, if any, is a front that does nothing but hand on.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock, patch

import pytest
import yaml

from grader.course import catalog
from grader.course.spec import Scenario
from grader.judge.record import TrialRecord
from grader.load.traffic import import_file
from tests.labs.cast.virtual_exams import VirtualExam
from tests.labs.played import exam_of

SYSTEM = Path(__file__).with_name("virtual.py")


def virtual(lab: str) -> VirtualExam:
    """A lab's exam, played."""
    exam = exam_of(lab)
    [folder] = exam.lab.spec.open
    services = yaml.safe_load((exam.lab.folder / "compose.yaml").read_text())["services"]

    def more(record: TrialRecord) -> dict[str, Any]:
        pool = services["pool"]["environment"]
        return {
            "environment": {key: str(value) for key, value in services[folder]["environment"].items()},
            "models": json.loads(pool["MODELS"]),
            "nightly": pool.get("NIGHTLY", ""),
            "told": told(exam, {**record.parameters, "end_s": record.planned_s}),
        }

    return VirtualExam(exam, SYSTEM, more, services[folder]["image"].removeprefix("brownout/"))


def told(exam: Scenario, parameters: dict[str, Any]) -> list[tuple[float, str, Any]]:
    """What the experiment tells the pool's control port: second, path, payload. Its looks are left out."""
    heard: list[tuple[float, str, Any]] = []
    at = 0.0

    def hear(service: str, port: int, path: str, payload: Any) -> Any:
        if (service, port) != ("pool", 9000):
            raise RuntimeError(f"{exam.lab.id}: there is no {service}:{port} in virtual time")
        heard.append((at, path, payload))
        return MagicMock()

    def wait(seconds: float) -> None:
        nonlocal at
        at = max(at, seconds)

    checks = import_file(exam.folder / "exam.py")
    with _heard(exam, checks, {"control": hear, "at": wait}):
        for step in yaml.safe_load((exam.folder / "experiment.yaml").read_text())["method"]:
            provider = step["provider"]
            given = _filled(provider.get("arguments", {}), parameters)
            if provider["func"] == "at":
                wait(**given)
            elif provider["func"] == "control":
                hear(**given)
            elif provider["module"] == "exam":
                with suppress(_Looks):
                    getattr(checks, provider["func"])(**given)
    return heard


@contextmanager
def _heard(exam: Scenario, checks: ModuleType, instead: dict[str, Any]) -> Iterator[None]:
    """What exam.py's steps use of the engine is this in its place; who asks the running system gets no answer."""
    with ExitStack() as stack:
        for module in (checks, import_file(exam.lab.folder / "rehearsal" / "exam.py")):
            for name, function in instead.items():
                if hasattr(module, name):
                    stack.enter_context(patch.object(module, name, function))
            if hasattr(module, "current"):
                stack.enter_context(patch.object(module, "current", side_effect=_Looks))
        yield


class _Looks(Exception):
    """A step asks the running system."""


def _filled(given: Any, parameters: dict[str, Any]) -> Any:
    """An experiment's arguments with its parameters in place of `${name}`."""
    if isinstance(given, dict):
        return {key: _filled(value, parameters) for key, value in given.items()}
    if isinstance(given, list):
        return [_filled(each, parameters) for each in given]
    named = re.fullmatch(r"\$\{(\w+)\}", given) if isinstance(given, str) else None
    return parameters[named[1]] if named else given


def luck_cases(lab: str) -> list[Any]:
    """For a lab's test: one draw of the reference, and, as slow tests, three of each control."""
    names = sorted(path.parent.name for path in catalog.root().glob(f"scenarios/{lab}/controls/*/control.yaml"))
    slow = [pytest.param(name, 3, marks=pytest.mark.slow, id=f"{name}, three draws") for name in names]
    return [pytest.param("reference", 1, id="reference"), *slow]


def check_luck(lab: str, control: str, seeds: int) -> None:
    """Whoever has to pass burns at most half of each budget, a fake at least twice its own."""
    virtual(lab).check_luck(control, range(1, seeds + 1))


if __name__ == "__main__":
    virtual(sys.argv[1]).main(int(sys.argv[2]), sys.argv[3:])
