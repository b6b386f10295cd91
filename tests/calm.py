"""Exams for tests that ask for something else than whether the machine was quiet.

Two tests at once, an exam of five trials side by side and a slow machine: work took 6.6 times as long as where the
labs were measured, and a sound exam was rightly called invalid by a test that was about an experiment's end.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from grader.course.observers import EvidenceSpec

BOUNDS = {"lateness_s": 2.0, "metronome_s": 2.0, "stretch": 100.0, "burst": 100.0, "slowdown": 1000.0}
"""Keys of a scenario's `evidence`, so far off that any machine keeps them."""
assert BOUNDS.keys() <= EvidenceSpec.model_fields.keys()


def calm(folder: Path) -> None:
    """Let a busy or slow machine prove as much as any, in a folder with a scenario.yaml; what else it asks stays."""
    path = folder / "scenario.yaml"
    scenario = yaml.safe_load(path.read_text())
    kept = {key: value for key, value in scenario.get("evidence", {}).items() if key != "prompt"}
    path.write_text(yaml.safe_dump({**scenario, "evidence": {**kept, **BOUNDS}}, sort_keys=False))
