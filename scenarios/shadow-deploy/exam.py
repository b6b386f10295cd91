"""The exam's observers are the rehearsal's."""

from __future__ import annotations

from grader.labkit import import_rehearsal

_rehearsal = import_rehearsal(__file__, "exam")
pulse, repository, plan, release, turn, seen = (
    _rehearsal.pulse, _rehearsal.repository, _rehearsal.plan, _rehearsal.release, _rehearsal.turn, _rehearsal.seen
)  # fmt: skip
