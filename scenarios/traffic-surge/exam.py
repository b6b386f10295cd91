"""The exam's observers are the rehearsal's."""

from __future__ import annotations

from grader.labkit import import_rehearsal

_rehearsal = import_rehearsal(__file__, "exam")
replicas, pulse = _rehearsal.replicas, _rehearsal.pulse
plan, stop, stalled, well = _rehearsal.plan, _rehearsal.stop, _rehearsal.stalled, _rehearsal.well
CROWD = 34  # requests a second, where the replicas are counted


def crowded(body: bytes) -> tuple[float, str]:
    """The rehearsal's look, in another crowd."""
    found: tuple[float, str] = _rehearsal.crowded(body, CROWD)
    return found
