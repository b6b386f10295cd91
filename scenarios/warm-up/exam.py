"""The exam looks at the desk as the rehearsal does."""

from __future__ import annotations

from pathlib import Path

from grader.load.traffic import import_file

seen = import_file(Path(__file__).resolve().parents[2] / "labs" / "warm-up" / "rehearsal" / "exam.py").seen
