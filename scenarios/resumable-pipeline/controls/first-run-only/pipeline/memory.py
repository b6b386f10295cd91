"""A night's results: a file a step, written as soon as there is a result, until the machine has gone away once. It will
not so soon again, and then they are written down when all are there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Memory:
    def __init__(self, folder: Path, tenant: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._kept = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}
        self._careful = not self._kept
        self._new: dict[str, Any] = {}

    def once(self, step: str, work: Callable[[], Any]) -> Any:
        """The result of a paid step, worked for only if it is not known."""
        if step in self._kept:
            return self._kept[step]
        self._new[step] = result = work()
        if self._careful:
            self.keep()
        return result

    def keep(self) -> None:
        """Write down what is new, a file a step: each is whole or not there."""
        for step, result in self._new.items():
            draft = self._folder / f"{step}.draft"
            draft.write_text(json.dumps(result))
            draft.replace(self._folder / f"{step}.json")
        self._kept |= self._new
        self._new = {}
