"""The exam does what the rehearsal does."""

from __future__ import annotations

from grader.labkit import import_rehearsal

_rehearsal = import_rehearsal(__file__, "exam")
plan, dawn, release, rollback = _rehearsal.plan, _rehearsal.dawn, _rehearsal.release, _rehearsal.rollback
crash, anew, there, ended = _rehearsal.crash, _rehearsal.anew, _rehearsal.there, _rehearsal.ended
