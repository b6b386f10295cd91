"""Where the rollout stands, on disk, whole or not at all, so that a new process can take it up."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
        self.path = Path(folder) / "rollout.json"

    def load(self) -> State:
        try:
            raw: dict[str, Any] = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return State()
        looks = {
            name: (Totals.read(canary), Totals.read(stable)) for name, (canary, stable) in raw.pop("looks").items()
        }
        return State(**raw, looks=looks)

    def save(self, state: State) -> None:
        looks = {name: [totals.plain() for totals in pair] for name, pair in state.looks.items()}
        draft = self.path.with_suffix(".part")
        with draft.open("w") as file:
            json.dump({**vars(state), "looks": looks}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
