"""Modules that are imported once for all runs: some at the start, some as soon as the candidate's code names them."""

from __future__ import annotations

import gc
import importlib
import re
from pathlib import Path

import processes

MAX_FILE = 1 << 18


class Shelf:
    """Heavy modules that stay on the shelf until there is a use for them; a module once taken is kept."""

    def __init__(self, code: Path, names: str) -> None:
        self._code = code
        self._waiting = split(names)

    def take(self) -> None:
        """Import what the code imports by now."""
        if not self._waiting:
            return
        texts = [_text(path) for path in self._code.rglob("*.py")]
        wanted = [name for name in self._waiting if any(_imports(text, name.partition(".")[0]) for text in texts)]
        self._waiting = [name for name in self._waiting if name not in wanted]
        if wanted:
            preload(wanted)


def preload(names: list[str]) -> None:
    """Import what every run would have to import, once.

    Raises:
        RuntimeError: a module started threads; a process with threads cannot be forked safely.
    """
    usual = gc.get_threshold()
    gc.set_threshold(20_000, 10, 100)  # what is imported stays
    for name in names:
        importlib.import_module(name)
        if processes.threads() > 1:
            raise RuntimeError(f"{name} starts threads")
    gc.set_threshold(*usual)
    gc.collect()
    gc.freeze()


def split(names: str) -> list[str]:
    """Names by comma."""
    return [name for each in names.split(",") if (name := each.strip())]


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE).decode("utf-8", "replace")
    except OSError:
        return ""


def _imports(text: str, package: str) -> bool:
    return re.search(rf"^[ \t]*(?:import|from)[ \t][^#\n]*\b{re.escape(package)}\b", text, re.MULTILINE) is not None
