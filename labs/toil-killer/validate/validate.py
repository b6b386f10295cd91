"""A tray, package by package."""

from __future__ import annotations

import logging
from typing import Any

from package import Package
from steps import STEPS

log = logging.getLogger("validate")


def validate(tray: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A decision for each package: approve, refuse or ask."""
    decisions: dict[str, dict[str, Any]] = {}
    try:
        for each in tray["packages"]:
            decisions[each["id"]] = decide(Package(each), tray)
    except Exception:
        log.exception("tray %s", tray["tray"])
    return decisions


def decide(package: Package, tray: dict[str, Any]) -> dict[str, Any]:
    """Go through the runbook's steps; the first that is not passed decides."""
    for number, step in STEPS.items():
        why = step(package, tray)
        if not why:
            continue
        if waived(package, number, tray["waivers"]):
            return {"decision": "ask", "step": number, "reason": "waiver", "why": why}
        return {"decision": "refuse", "step": number, "why": why}
    return {"decision": "approve", "why": "OK"}


def waived(package: Package, step: int, waivers: list[dict[str, Any]]) -> bool:
    """Whether there is a waiver."""
    return any(waiver["model"] == package.id and waiver["step"] == step for waiver in waivers)
