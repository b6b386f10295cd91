"""The exam's observers are the rehearsal's."""

from __future__ import annotations

from grader.labkit import import_rehearsal

_rehearsal = import_rehearsal(__file__, "exam")
budget, pulse = _rehearsal.budget, _rehearsal.pulse
plan, midnight, after = _rehearsal.plan, _rehearsal.midnight, _rehearsal.after
night, seen, works = _rehearsal.night, _rehearsal.seen, _rehearsal.works
slow, swift = _rehearsal.slow, _rehearsal.swift
