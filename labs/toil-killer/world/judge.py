"""The word for what was said of a package, and of a tray's hours and errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casebook.shapes import fits
from making import FIGURED, Made, Right
from past import Past

DECISION = {"decision": {"approve", "refuse", "ask"}}
SAVINGS = {"minutes_by_hand": float, "minutes_saved": float, "wrong_by_hand": float, "wrong_by_tool": float}
FIGURE, SAVED = 0.01, 0.03
"""So far a figure, and minutes, may be from what is right, as a share of it."""
FINEST = 1e-9


def near(told: Any, right: float, share: float) -> bool:
    """Whether it is that number."""
    return fits(told, float) and abs(told - right) <= share * abs(right) + FINEST


def decided(told: Any) -> str:
    """What was decided: a decision, `none` or `malformed`."""
    if told is None:
        return "none"
    return str(told["decision"]) if fits(told, DECISION) else "malformed"


def decision(right: Right, told: Any) -> tuple[str, str]:
    """The word for a decision, and why."""
    said = decided(told)
    if said in ("none", "malformed"):
        return said, "no decision" if said == "none" else f"no decision: {str(told)[:80]}"
    step, reason = told.get("step"), told.get("reason")
    words = {"approve": "approved", "refuse": "refused", "ask": "asked"}
    if said != right.decision:
        return words[said], f"step {step}, reason {reason}: {str(told.get('why'))[:120]}"
    if said == "refuse" and (isinstance(step, bool) or step != right.step):
        return "other step", f"refused at step {step}"
    if said == "ask" and reason != right.reason:
        return "other reason", f"asked for {reason}"
    return "right", ""


def explained(right: Right, told: Any) -> tuple[str, str]:
    """The word for the figure and the bound of a refusal, and why."""
    word, why = decision(right, told)
    if word != "right":
        return (word if word in ("none", "malformed") else "not refused"), why
    assert right.figure is not None and right.bound is not None
    figure, bound = told.get("figure"), told.get("bound")
    if near(figure, right.figure, FIGURE) and near(bound, right.bound, FIGURE):
        return "right", ""
    return "wrong", f"said {figure} against {bound}, right is {right.figure:.6g} against {right.bound:.6g}"


def figured(one: Made) -> bool:
    """Whether a refusal of this package has a figure."""
    return one.right.decision == "refuse" and one.right.step in FIGURED


def savings(past: Past, decisions: Mapping[str, Any]) -> dict[str, float]:
    """What was saved, by the decisions that were handed in: an `ask` is no error, and saves nothing."""
    said = {model: decided(decisions.get(model)) for model in past.audited}
    alone = [model for model, word in said.items() if word in ("approve", "refuse")]
    return {
        "minutes_by_hand": past.minutes_by_hand,
        "minutes_saved": past.minutes_by_hand * len(alone) / len(said),
        "wrong_by_hand": past.wrong_by_hand,
        "wrong_by_tool": sum(said[model] != past.audited[model] for model in alone),
    }


def saved(right: dict[str, float], told: dict[str, Any]) -> tuple[str, str]:
    """The word for the four figures, and why."""
    off = [
        f"{name} is {right[name]:.4g}, said {told[name]:.4g}"
        for name in SAVINGS
        if not near(told[name], right[name], SAVED)
    ]
    return ("wrong", "; ".join(off)) if off else ("right", "")
