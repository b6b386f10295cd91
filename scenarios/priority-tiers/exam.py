"""The exam's observers are the rehearsal's."""

from __future__ import annotations

from grader.labkit import import_rehearsal

_rehearsal = import_rehearsal(__file__, "exam")
pager, pool, pulse = _rehearsal.pager, _rehearsal.pool, _rehearsal.pulse
plan, slow, swift = _rehearsal.plan, _rehearsal.slow, _rehearsal.swift
