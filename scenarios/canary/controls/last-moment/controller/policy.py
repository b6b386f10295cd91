"""When a release is bad: pure functions of counts.

Each rule needs a least count of bad events as well as a ratio, since at a small share one unlucky request is a lot.
Every ratio is compared with v1's over the same time, so that trouble they share is not v2's.
"""

from __future__ import annotations

from metrics import Totals


def ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def worse(bad: float, of: float, stable_ratio: float, least: int, margin: float) -> bool:
    """At least `least` bad events, and a ratio more than `margin` above v1's."""
    return bad >= least and ratio(bad, of) > stable_ratio + margin


def problem(canary: Totals, stable: Totals) -> str:
    """What is wrong with the release, over all carriers together."""
    total = canary.requests.total()
    if worse(canary.errors.total(), total, 0.0, 4, 0.25):
        return f"{canary.errors.total():.0f} errors in {total:.0f}"
    if worse(canary.late.total(), total, 0.0, 4, 0.08):
        return f"{canary.late.total():.0f} late in {total:.0f}"
    if worse(canary.wrong.total(), canary.labels.total(), 0.0, 5, 0.2):
        return f"{canary.wrong.total():.0f} wrong in {canary.labels.total():.0f} seen by a person"
    return ""
