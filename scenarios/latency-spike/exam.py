"""The exam's observers are the rehearsal's."""

from __future__ import annotations

from pathlib import Path

from grader.load.traffic import import_file

_rehearsal = import_file(Path(__file__).resolve().parents[2] / "labs" / "latency-spike" / "rehearsal" / "exam.py")
pressure, contract, asked = _rehearsal.pressure, _rehearsal.contract, _rehearsal.asked
slow, swift, sign, signs, publish, republish = (
    getattr(_rehearsal, name) for name in ("slow", "swift", "sign", "signs", "publish", "republish")
)
