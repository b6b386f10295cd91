"""How many exams the cluster can hold at once, and whether it is too busy for another. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

CORES_AN_EXAM = 2.0
"""Systems, load and observers of an exam; what all bounds of the labs were measured on."""

BUSY = 3.0
"""An exam in which the metronome's work takes four times as long as alone proves nothing; begin none that is near."""

SAMPLES = 5
"""Looks, about a second apart, whose median says how busy the cluster is."""


def cores(nodes: Iterable[Mapping[str, Any]]) -> float:
    """Processors that pods may have, of Node objects that take pods."""
    return sum(_number(node["status"]["allocatable"]["cpu"]) for node in nodes if not _closed(node))


def _closed(node: Mapping[str, Any]) -> bool:
    return bool(node["spec"].get("unschedulable"))


def _number(quantity: str) -> float:
    return float(quantity[:-1]) / 1000 if quantity.endswith("m") else float(quantity)


def at_once(found: float, asked: int) -> int:
    """Exams at once on that many processors: as many as were asked for; where 0 was, as many as there is room for."""
    return asked or max(1, int(found // CORES_AN_EXAM))


def held(stretches: Sequence[float], bound: float = BUSY) -> str:
    """Why no exam should begin now, empty if one may. `stretches` are the metronome's last ones."""
    if not stretches or (now := median(stretches)) <= bound:
        return ""
    return f"the cluster is busy: work takes {now:.1f} times as long as alone, and exams begin below {bound:g}"
