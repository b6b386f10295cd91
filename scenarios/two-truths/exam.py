"""The exam does what the rehearsal does."""

from __future__ import annotations

from grader.labkit import import_rehearsal

_rehearsal = import_rehearsal(__file__, "exam")
plan, act, asked, came = _rehearsal.plan, _rehearsal.act, _rehearsal.asked, _rehearsal.came
pulse = _rehearsal.pulse
