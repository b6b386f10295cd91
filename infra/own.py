"""Processes of our own code: never with the current folder on their path, which may hold a stranger's modules."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import infra

ROOT = Path(infra.__path__[0]).resolve().parent
"""The folder of the engine's packages, and a safe working directory for what we start."""


def command(module: str, *arguments: str) -> list[str]:
    """The command line of `python -m module arguments`, which imports nothing from the folder that it starts in."""
    return [sys.executable, "-P", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """This process's environment; on PYTHONPATH the engine comes first, and relative entries, which would lead into
    the current folder, are left out."""
    given = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if os.path.isabs(entry)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *given])}
