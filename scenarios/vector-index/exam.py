"""The exam does what the rehearsal does."""

from __future__ import annotations

from grader.labkit import import_rehearsal

_rehearsal = import_rehearsal(__file__, "exam")
plan, publish, remove, crash = _rehearsal.plan, _rehearsal.publish, _rehearsal.remove, _rehearsal.crash
ended, alive = _rehearsal.ended, _rehearsal.alive
