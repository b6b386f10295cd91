"""`lab new`."""

from __future__ import annotations

from grader.authoring.new import make
from grader.cli.console import next_step, say


def new(lab_id: str, shape: str = "traffic") -> None:
    """Make a lab and say where it is; raises as `make` does."""
    for folder in make(lab_id, shape):
        say(f"made {folder}/")
    next_step(f"lab verify {lab_id}", "proves its grader; then change it, and prove it again")
