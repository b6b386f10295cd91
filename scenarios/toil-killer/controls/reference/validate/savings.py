"""What the validator saves, and what it gets wrong, on models that were audited."""

from __future__ import annotations

from typing import Any

LEAST_MINUTES = 10
"""Nobody goes through twelve steps in less: such a row was typed in hours."""


def minutes(typed: float) -> float:
    return typed * 60 if typed < LEAST_MINUTES else typed


def savings(history: list[dict[str, Any]], decisions: dict[str, Any]) -> dict[str, float]:
    """Minutes a model by hand, and those that we save; of the audited ones here, wrong by hand and by us."""
    models = {row["model"]: row for row in history}
    by_hand = sum(minutes(row["minutes"]) for row in history) / len(models)
    ours = {model: (decision or {}).get("decision", "ask") for model, decision in decisions.items()}
    alone = [model for model, word in ours.items() if word != "ask"]
    return {
        "minutes_by_hand": by_hand,
        "minutes_saved": by_hand * len(alone) / len(ours),
        "wrong_by_hand": sum(models[model]["decision"] not in ("ask", models[model]["audit"]) for model in ours),
        "wrong_by_tool": sum(ours[model] != models[model]["audit"] for model in alone),
    }
