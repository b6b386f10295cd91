"""The exam's observers are the rehearsal's."""

from __future__ import annotations

from grader.labkit import import_rehearsal

_rehearsal = import_rehearsal(__file__, "exam")
replicas, pulse = _rehearsal.replicas, _rehearsal.pulse
plan, stop, stalled, well = _rehearsal.plan, _rehearsal.stop, _rehearsal.stalled, _rehearsal.well
