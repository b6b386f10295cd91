"""The exam's observers are the rehearsal's."""

from __future__ import annotations

from grader.labkit import import_rehearsal

_rehearsal = import_rehearsal(__file__, "exam")
pager, pulse, plan, slow, swift = (getattr(_rehearsal, name) for name in ("pager", "pulse", "plan", "slow", "swift"))
