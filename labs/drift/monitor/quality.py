"""Whether the model still does its work, from the outcomes that came in today."""

from __future__ import annotations

from typing import Any

ACCURACY = 0.72


def degraded(outcomes: dict[str, Any]) -> bool:
    pairs = list(zip(outcomes["score"], outcomes["label"], strict=True))
    right = sum((score >= 0.5) == bool(label) for score, label in pairs)
    return right / len(pairs) < ACCURACY
