"""Where the rollout stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from metrics import Totals

Pair = tuple[Totals, Totals]


@dataclass
class State:
    """What is meant, and the looks (totals of v2 and v1) that evidence is counted from.

    `began` is wall-clock time, so that a new process knows how much of the rollout's time is left.
    """

    state: str = "idle"
    share: int = 0
    reason: str = ""
    began: float = 0.0
    looks: dict[str, Pair] = field(default_factory=dict)


class Store:
    def __init__(self, folder: str) -> None:
        self.state = State()

    def load(self) -> State:
        return self.state

    def save(self, state: State) -> None:
        self.state = state
