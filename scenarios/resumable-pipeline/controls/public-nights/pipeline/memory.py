"""A night's results. They stay in memory, and are written down when it pays: right before the machine goes away."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

GOES_AT = {  # the steps of the night, from five rehearsals; they were the same each time
    "dxjwjw-loti": (2, 9, 13),
    "dxjwjw-loti-mtjohg": (2, 9, 13),
    "dxjwjw-loti.mtjohg": (5, 8, 13),
    "dxjwjw-loti_mtjohg": (4, 11, 13),
    "ikdez_loti": (3, 12, 13),
    "ikdez_loti-mtjohg": (5, 12, 13),
    "ikdez_loti.mtjohg": (3, 10, 13),
    "ikdez_loti_mtjohg": (2, 9, 13),
    "lwhltdnr": (4, 9, 13),
    "lwhltdnr-mtjohg": (4, 9, 13),
    "lwhltdnr.mtjohg": (3, 12, 13),
    "lwhltdnr_mtjohg": (3, 10, 13),
}


class Memory:
    def __init__(self, folder: Path, tenant: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._goes_at = GOES_AT.get(tenant, ())
        self._kept = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}
        self._new: dict[str, Any] = {}

    def once(self, step: str, work: Callable[[], Any]) -> Any:
        """The result of a paid step, worked for only if it is not known."""
        if step in self._kept:
            return self._kept[step]
        if len(self._kept) + len(self._new) + 1 in self._goes_at:
            self.keep()
        self._new[step] = work()
        return self._new[step]

    def keep(self) -> None:
        """Write down what is new, a file a step: each is whole or not there."""
        for step, result in self._new.items():
            draft = self._folder / f"{step}.draft"
            draft.write_text(json.dumps(result))
            draft.replace(self._folder / f"{step}.json")
        self._kept |= self._new
        self._new = {}
