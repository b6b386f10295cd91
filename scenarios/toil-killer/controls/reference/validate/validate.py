"""A tray, package by package. Each stands alone: whatever one does, the others are decided."""

from __future__ import annotations

import logging
from typing import Any

from package import Incomplete, Package
from steps import STEPS, reasons

log = logging.getLogger("validate")
Decision = dict[str, Any]


def validate(tray: dict[str, Any]) -> dict[str, Decision]:
    """A decision for each package: approve, refuse or ask."""
    return {each["id"]: contained(each, tray) for each in tray["packages"]}


def contained(sent: dict[str, Any], tray: dict[str, Any]) -> Decision:
    """A decision, whatever is in the package. What we cannot read is incomplete."""
    try:
        package = Package(sent)
    except Incomplete as error:
        return decision("refuse", str(error), step=1)
    except Exception as error:
        log.exception("package %s", sent["id"])
        return decision("refuse", f"cannot be read: {type(error).__name__}", step=1)
    try:
        return decide(package, tray)
    except Exception:
        log.exception("package %s", sent["id"])
        return decision("ask", "the validator failed on it: look at its log", reason="contradiction")


def decide(package: Package, tray: dict[str, Any]) -> Decision:
    """A reason to ask comes first, then the first step that fails."""
    if package.model["kind"] != "logistic":
        return decision("ask", f"the steps are not written for {package.model['kind']}", reason="kind")
    results = {number: step(package, tray) for number, step in STEPS.items()}
    failed = next((number for number, result in results.items() if not result.passed), None)
    for word, why in reasons(package, tray, results, failed):
        return decision("ask", why, step=failed, reason=word)
    if failed is None:
        return decision("approve", "all twelve steps are passed")
    result = results[failed]
    return decision("refuse", result.why, step=failed, figure=result.figure, bound=result.bound)


def decision(word: str, why: str, **more: Any) -> Decision:
    return {"decision": word, "step": None, "figure": None, "bound": None, "reason": None, "why": why, **more}
