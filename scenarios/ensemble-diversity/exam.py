"""The exam's observers are the rehearsal's."""

from __future__ import annotations

from grader.labkit import import_rehearsal

_rehearsal = import_rehearsal(__file__, "exam")
budget, pulse, plan = _rehearsal.budget, _rehearsal.pulse, _rehearsal.plan
act, seen, well = _rehearsal.act, _rehearsal.seen, _rehearsal.well
