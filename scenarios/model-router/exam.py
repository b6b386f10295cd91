"""The exam's observers are the rehearsal's."""

from __future__ import annotations

from grader.labkit import import_rehearsal

_rehearsal = import_rehearsal(__file__, "exam")
cost, pulse = _rehearsal.cost, _rehearsal.pulse
plan, act, seen, well = _rehearsal.plan, _rehearsal.act, _rehearsal.seen, _rehearsal.well
