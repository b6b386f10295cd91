"""Questions about the hidden nights: as in the rehearsal, with the seed of the trial."""

from __future__ import annotations

from pathlib import Path

from grader.load.traffic import import_file

public = import_file(Path(__file__).resolve().parents[2] / "labs" / "resumable-pipeline" / "rehearsal" / "load.py")
Traffic = public.Traffic
