"""The engine's one face for labs: what load.py, exam.py, draw.py, experiments and the cast may use of it.

    from grader.labkit import Request, import_rehearsal, read
    provider: {type: python, module: grader.labkit, func: kill_service, arguments: {service: gateway}}

What is behind it may move without a change of any lab.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from grader.addresses import locate
from grader.course.modules import import_file, importable
from grader.exchange import exchange
from grader.faults import (
    FaultFailed,
    answers,
    at,
    call,
    control,
    current,
    error_ratio,
    kill_service,
    pause_service,
    read,
    restart_service,
    resume_service,
    scale_service,
    slow_ratio,
    start_service,
)
from grader.load.api import Request, Traffic

__all__ = [
    "FaultFailed",
    "Request",
    "Traffic",
    "answers",
    "at",
    "call",
    "control",
    "current",
    "error_ratio",
    "exchange",
    "import_exam",
    "import_file",
    "import_rehearsal",
    "import_shared",
    "kill_service",
    "lab_of",
    "locate",
    "pause_service",
    "read",
    "restart_service",
    "resume_service",
    "scale_service",
    "slow_ratio",
    "start_service",
    "world",
]


def lab_of(file: str) -> Path:
    """The folder of the lab that a file of its own, or of its exam, belongs to; `file` is its `__file__`."""
    path = Path(file).resolve()
    for below, above in zip(path.parents, path.parents[1:], strict=False):
        if above.name in ("labs", "scenarios") and (above.parent / "labs").is_dir():
            return above.parent / "labs" / below.name
    raise ValueError(f"{file}: is in no lab and in no scenario")


def import_rehearsal(file: str, module: str) -> ModuleType:
    """A module of the rehearsal of the lab that `file` belongs to. Raises as `import_file`."""
    return import_file(lab_of(file) / "rehearsal" / f"{module}.py")


def import_exam(file: str, module: str) -> ModuleType:
    """A module of the exam of the lab that `file` belongs to, such as its `draw`. Raises as `import_file`."""
    lab = lab_of(file)
    return import_file(lab.parents[1] / "scenarios" / lab.name / f"{module}.py")


def import_shared(file: str, path: str) -> ModuleType:
    """A module of a part of the cast, such as `warehouse/domains.py`. Raises as `import_file`."""
    return import_file(lab_of(file).parent / "cast" / path)


@contextmanager
def world(file: str) -> Iterator[None]:
    """Modules of the world of the lab that `file` belongs to can be imported: for what it shares with draw.py."""
    with importable(lab_of(file) / "world"):
        yield
