"""What a batch costs, told before it begins: how many gradings at once this machine has room for, and how long."""

from __future__ import annotations

import math
import os
import statistics
from collections.abc import Iterable

import psutil

from grader.course import measured
from grader.course.measured import CONTAINER_BYTES, GRADER_BYTES, POST_BYTES
from grader.course.spec import Scenario
from grader.exam.run import SHARE
from grader.proof import ledger

BEGIN_S = 10.0
"""Prefect's start, and that of its server."""

AROUND_S = 2.0
"""What a grading takes around its exam: imports, staging, the report."""


def at_once(scenarios: Iterable[Scenario]) -> int:
    """How many gradings side by side leave each the cores and the memory that its exam was measured to need; 1 where
    that was not measured."""
    return min(map(_at_once, scenarios))


def _at_once(scenario: Scenario) -> int:
    found = measured.read(scenario.lab.id)
    if scenario.spec.cores is None or found is None:
        return 1
    system = sum(found.pods.values()) + CONTAINER_BYTES * len(found.pods)
    exam = scenario.spec.parallel * system + POST_BYTES + GRADER_BYTES
    by_cores = SHARE * (os.cpu_count() or 1) / scenario.spec.cores
    return max(1, int(min(by_cores, psutil.virtual_memory().available / exam)))


def median_s(scenario: Scenario, runtime: str) -> float | None:
    """Seconds of a grading, by the exams in the lab's ledger; None where it has none on this runtime."""
    entries = ledger.read(scenario.folder).values()
    exams = [entry.seconds for entry in entries if entry.runtime == runtime]
    return statistics.median(exams) + AROUND_S if exams else None


def batch_s(seconds: Iterable[float], at_once: int) -> float:
    """Seconds of a batch of gradings that take so long each."""
    each = list(seconds)
    return BEGIN_S + math.ceil(len(each) / at_once) * statistics.fmean(each)
