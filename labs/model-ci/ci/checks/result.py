"""What a check found."""

from dataclasses import dataclass


@dataclass
class Result:
    name: str  # the reason that a rejection gives
    passed: bool
    measured: float
    baseline: float
