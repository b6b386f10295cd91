"""The exam's observers are the rehearsal's."""

from __future__ import annotations

from pathlib import Path

from grader.load.traffic import import_file

_rehearsal = import_file(Path(__file__).resolve().parents[2] / "labs" / "latency-spike" / "rehearsal" / "exam.py")
pressure, contract = _rehearsal.pressure, _rehearsal.contract
slow, swift, sign, signs, publish = (
    getattr(_rehearsal, name) for name in ("slow", "swift", "sign", "signs", "publish")
)
