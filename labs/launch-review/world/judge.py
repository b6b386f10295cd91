"""Words for a review: what it says against what is so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from cited.values import agrees, is_number
from truth import Truth

if TYPE_CHECKING:
    from cited import Examined
    from cited.values import Value

FIGURES = "sustained-rps", "peak-rps", "quality-delta", "worst-segment", "worst-delta", "cost-per-1000"
OF_QUALITY = {"quality-delta", "worst-segment", "worst-delta"}
STOPS = "stop-errors", "stop-slow", "stop-segment", "stop-cost"
DECISIONS = {"go", "phased", "not-yet"}
FREE = {"decision", "first-share", "phase-hours"}
"""Claims that need no query."""
UNSEEN = {"absent", "unshown", "misquoted"}
WRONG = UNSEEN | {"unfounded", "unread"}
WITHIN, OFFER_WITHIN, POINT = 0.02, 0.03, 0.0005
"""Figures may be off by so large a share, differences by half a tenth of a point whatever their size."""

Said = tuple[str, str]
"""A word and why."""


def names(truth: Truth) -> list[str]:
    """The claims that a right review of this launch has."""
    offer = [*(f"go-when-{risk}" for risk in truth.holds), "first-share", "phase-hours"] if truth.holds else []
    return [*figures(truth), "decision", *(f"risk-{risk}" for risk in truth.holds), *offer, *STOPS]


def figures(truth: Truth) -> list[str]:
    """The figures that are asked for: without those of quality where the shadow is too small."""
    return [name for name in FIGURES if not ("data" in truth.holds and name in OF_QUALITY)]


def proven(truth: Truth) -> list[str]:
    """Claims whose proof may be asked for."""
    return [name for name in names(truth) if name not in FREE and name not in STOPS]


def said(found: Examined, name: str) -> Value | None:
    """What a claim says, if the text shows it."""
    return None if found.words.get(name, "absent") in UNSEEN else found.values.get(name)


def figured(found: Examined, truth: Truth) -> Said:
    """Whether the figures are right."""
    for name in figures(truth):
        value, right = said(found, name), truth.figures[name]
        if value is None:
            return "none", f"{name}: {found.words.get(name, 'absent')}"
        near = is_number(value) and is_number(right) and name.endswith("-delta") and abs(value - right) <= POINT
        if not near and not agrees(value, right, WITHIN):
            return "wrong", f"{name} is {right if isinstance(right, str) else f'{right:.5g}'}, not {value}"
    return "right", ""


def decided(found: Examined, truth: Truth) -> Said:
    """Whether the decision, and the risks that it stands on, are those of the policy."""
    decision = said(found, "decision")
    risks = {
        name.removeprefix("risk-") for name in found.values if name.startswith("risk-") and said(found, name) is True
    }
    wanted = f"{truth.decision}, for {', '.join(truth.holds) or 'no risk'}"
    if decision not in DECISIONS:
        return "none", f"no decision; it is {wanted}"
    told = f"{decision}, for {', '.join(sorted(risks)) or 'no risk'}"
    if decision != truth.decision:
        return "wrong", f"{told}; it is {wanted}"
    return ("right", told) if risks == {*truth.holds} else ("other risks", f"{told}; it is {wanted}")


def offered(found: Examined, truth: Truth) -> Said:
    """Whether a refusal has an offer that can be taken."""
    for risk in truth.holds:
        value, right = said(found, f"go-when-{risk}"), truth.go_when[risk]
        if value is None:
            return "bare", f"no go-when-{risk}"
        if not agrees(value, float(right), OFFER_WITHIN):
            return "off", f"go-when-{risk} is {right:.5g}, not {value}"
    share, hours = said(found, "first-share"), said(found, "phase-hours")
    if not is_number(share) or not is_number(hours):
        return "bare", "no first-share, or no phase-hours"
    return step(float(share), float(hours), truth)


def step(share: float, hours: float, truth: Truth) -> Said:
    """Whether a first step is within what the launch bears, and large enough to show something."""
    told = f"{100 * share:.3g} % for {hours:.3g} h"
    if not (0 < share <= 1 and hours >= 1):
        return "off", f"{told}: not a share, or less than an hour"
    if hours > truth.most_hours:
        return "too long", f"{told}: it may take {truth.most_hours:g} hours"
    if share > truth.most_share * (1 + OFFER_WITHIN):
        return "too large", f"{told}: capacity bears {100 * truth.most_share:.3g} %"
    seen, extra = share * hours * truth.seen, share * hours * truth.extra
    if seen < truth.least_seen * (1 - OFFER_WITHIN):
        return "too small", f"{told} shows {seen:.0f} orders of the smallest segment, {truth.least_seen:.0f} are needed"
    if extra > truth.most_extra * (1 + OFFER_WITHIN):
        return "too large", f"{told} may spoil {extra:.0f} orders, the budget bears {truth.most_extra:.0f}"
    return "right", f"{told}: {seen:.0f} orders of the smallest segment, at most {extra:.0f} spoilt"


def evidence(found: Examined, name: str) -> Said:
    """Whether a claim is borne out by the tables."""
    word = found.words.get(name, "absent")
    return (word, f"{name}: {found.why.get(name) or 'not there'}") if word in WRONG else ("right", name)


def queries(found: Examined) -> dict[str, str]:
    """The stops, as queries."""
    sources = {name: found.sources.get(name, "") for name in STOPS}
    return {name: source for name, source in sources.items() if source and not source.startswith("=")}


def stopped(
    looks: Sequence[int], answers: Sequence[Mapping[str, Value | None]], asked: Collection[str]
) -> tuple[int, list[str]]:
    """The first look at which a stop was true, and which; 0 for none."""
    for minute, told in zip(looks, answers, strict=True):
        if fired := [name for name in asked if told[name] is True]:
            return minute, fired
    return 0, []
