"""`lab render`."""

from __future__ import annotations

import sys

from grader.course import catalog
from grader.practice import rig
from infra.runtime import runtime
from infra.system import load_system


def render(lab_id: str, runtime_name: str) -> None:
    """Print what a runtime makes of a lab's system, and nothing else, on stdout."""
    lab = catalog.find_lab(lab_id)
    system = load_system(lab.folder / "compose.yaml", lab.spec.open)
    sys.stdout.write(runtime(rig.runtime_name(runtime_name)).describe(system))
