"""The exam's observers are the rehearsal's."""

from __future__ import annotations

from grader.labkit import import_rehearsal

_rehearsal = import_rehearsal(__file__, "exam")
pressure, contract, asked = _rehearsal.pressure, _rehearsal.contract, _rehearsal.asked
slow, swift, sign, signs, publish, republish = (
    getattr(_rehearsal, name) for name in ("slow", "swift", "sign", "signs", "publish", "republish")
)
