"""The generator's order: which trials, when, where. The exam writes it, `python -m grader.load` reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from grader.course.spec import Strict
from grader.errors import BadInput

_Model = TypeVar("_Model", bound=BaseModel)


class PlannedPhase(Strict):
    """A phase placed in trial time: `start` and `seconds` in seconds, `rate` in requests per second."""

    phase: str
    start: float = Field(ge=0)
    seconds: float = Field(gt=0)
    rate: float = Field(ge=0, le=2000)


class PlannedProbe(Strict):
    """An observer: GET `url` (in the system's names) every `every_s` seconds, in `phases` alone where it names some;
    `check` is a function of `module` (path of an exam.py): bytes -> (value or None, answer)."""

    name: str
    url: str
    every_s: float = Field(gt=0.01)
    check: str
    module: Path
    phases: tuple[str, ...] = ()


class Metronome(Strict):
    """The sealed echo: its URL as this machine reaches it, and how often it is asked per second."""

    url: str
    rate: float = Field(10, gt=0, le=100)


class TrialPlan(Strict):
    """One trial.

    Attributes:
        id: `<trial id>.<n>`, the events' `trial`.
        addresses: `<service>:<port>` to `host:port`.
        until_answered: the trial is over as soon as nothing more is scheduled and all requests are answered.
        out: file that gets the events, made anew.
    """

    id: str
    load_file: Path
    parameters: dict[str, Any] = {}
    seed: int
    addresses: dict[str, str] = {}
    phases: tuple[PlannedPhase, ...] = Field(min_length=1)
    probes: tuple[PlannedProbe, ...] = ()
    until_answered: bool = False
    out: Path


class LoadPlan(Strict):
    """All trials of one generator process.

    Attributes:
        start_at: trial time 0 in seconds since the epoch; None or 0: read from stdin, see `Go`.
        keep: most events written a trial; later ones are only counted. None: all.
        outstanding: most unanswered requests a trial; later arrivals are recorded with error `overflow`.
    """

    start_at: float | None = None
    metronome: Metronome | None = None
    trials: tuple[TrialPlan, ...] = Field(min_length=1)
    keep: int | None = Field(None, ge=1)
    outstanding: int = Field(2000, ge=1)


class Go(Strict):
    """The line on stdin that starts a waiting generator: trial time 0, and addresses by trial id."""

    start_at: float
    addresses: dict[str, dict[str, str]] = {}


def write(plan: BaseModel, path: Path) -> None:
    """Write a plan where its reader finds it."""
    path.write_text(plan.model_dump_json(indent=1), "utf-8")


def read(model: type[_Model], text: str | bytes, source: str) -> _Model:
    """A plan or line from JSON text.

    Raises:
        BadInput: not JSON or not of that form; names source and key.
    """
    try:
        return model.model_validate(json.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"{source}: {'.'.join(map(str, first['loc'])) or 'top level'}: {first['msg']}") from error
    except ValueError as error:
        raise BadInput(f"{source}: is not JSON: {error}") from error


def read_file(model: type[_Model], path: Path) -> _Model:
    """A plan from a file; raises BadInput as `read` does, and when the file cannot be read."""
    try:
        return read(model, path.read_bytes(), str(path))
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror}") from error
