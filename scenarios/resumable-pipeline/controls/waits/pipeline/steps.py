"""What a night has paid for already: one small file a step, whole or not there."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def write_whole(path: Path, data: bytes) -> None:
    """After it path holds data, and before it what it held; a crash leaves at most a `.part` file. Raises OSError."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Steps:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def once(self, name: str, step: Callable[[], Any]) -> Any:
        """The step's answer: the one that is kept, else a new one, kept before it is used."""
        path = self._folder / f"{name}.json"
        try:
            return json.loads(path.read_bytes())
        except FileNotFoundError:
            pass
        except ValueError:
            print(f"{path} cannot be read, the step is done again", flush=True)
        answer = step()
        write_whole(path, json.dumps(answer, separators=(",", ":")).encode())
        return answer
