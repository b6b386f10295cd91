"""Drills: runs of a candidate's own chaos experiment. The lab says what it may do, the scenario when it is run."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator

from grader.course.strict import Strict

DRILL = "drill"
"""The name of the event of a run."""

SLACK_S = 0.2
"""What a run needs besides its own time, to lift the faults before and after it."""


class Call(Strict):
    """A POST of `payload`, as JSON, to a sealed service's control port, with the deployment's token."""

    service: str
    port: int = Field(gt=0, lt=65536)
    path: str = Field(pattern=r"^/[!-~]*$")
    payload: Any = None


class DrillRules(Strict):
    """`drill` in lab.yaml: what a candidate's experiment may be.

    Attributes:
        file: where it is, an open file in Chaos Toolkit's JSON.
        seconds: how long a run of it may take.
        asks: what it may ask: URLs that begin with one of these, in the system's names, each with a path.
        faults: what it may do, by a name of the lab's own.
        lifts: calls that lift all of it; made before and after each run as well.
    """

    file: str
    seconds: float = Field(gt=0, le=60)
    asks: tuple[str, ...] = Field(min_length=1)
    faults: dict[str, Call] = Field(min_length=1)
    lifts: tuple[Call, ...] = Field(min_length=1)

    @field_validator("asks")
    @classmethod
    def _whole(cls, prefixes: tuple[str, ...]) -> tuple[str, ...]:
        for prefix in prefixes:
            if not prefix.startswith("http://") or "/" not in prefix.removeprefix("http://"):
                raise ValueError(f"{prefix!r} must be http://<service>:<port>/ and perhaps more")
        return prefixes


class Drills(Strict):
    """`drill` of a trial in scenario.yaml: the candidate's experiment is run so often, one run every `every_s` seconds,
    the first at `start_s`."""

    runs: int = Field(ge=1, le=50)
    every_s: float = Field(gt=0, le=60)
    start_s: float = Field(0.3, ge=0, le=60)

    def starts(self) -> tuple[float, ...]:
        """Trial times at which runs begin, seconds."""
        return tuple(round(self.start_s + n * self.every_s, 6) for n in range(self.runs))

    def end_s(self) -> float:
        """Trial time by which the last one is over."""
        return self.start_s + self.runs * self.every_s
