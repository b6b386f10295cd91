"""Files that are there whole or not at all, and steps that are remembered in such files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def replace_file(path: Path, content: bytes) -> None:
    """Whoever opens `path` finds what was there before, or all of `content`; also after the power failed."""
    draft = path.with_name(f".{path.name}.draft")  # one name: what a killed run left is overwritten by the next
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError:
        draft.unlink(missing_ok=True)  # a full disk wants its space back
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Steps:
    """The steps of one night, a small file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def __contains__(self, name: str) -> bool:
        return self._path(name).exists()

    def once(self, name: str, work: Callable[[], Any]) -> Any:
        """What `work` answered when it was first done; it is done now if it never was."""
        path = self._path(name)
        try:
            return json.loads(path.read_bytes())
        except (FileNotFoundError, ValueError):
            answer = work()
        replace_file(path, json.dumps(answer).encode())
        return answer

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"
