"""Words for a review: what it says against what is so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from cited.values import agrees, is_number

if TYPE_CHECKING:
    from cited import Examined
    from cited.values import Value
    from truth import Truth

ONCE = (
    "started", "paged", "mitigated", "ended", "customers", "failed-share", "lost-eur", "component", "reason", "cause",
    "weighed-cause",
)  # fmt: skip
"""Claims that every review has; `weighed-` and `action-` come to them."""

FREE = {"cause"}
"""It needs no query."""

UNSEEN = {"absent", "unshown", "misquoted"}
WITHIN, POINTS, SECONDS, AROUND, TIMES = 0.02, 0.02, 90.0, 1.5, 0.05
"""How far off: impact as a share, weights in points, times, minutes or days of a factor, `storm` as a share."""

Said = tuple[str, str]
"""A word and why."""


def names(truth: Truth) -> list[str]:
    """The claims that a right review of this incident has."""
    return [*ONCE, *(f"weighed-{change}" for change in truth.weights), *(f"action-{factor}" for factor in truth.holds)]


def truths(truth: Truth) -> dict[str, Value]:
    """What is true, by name of the claim."""
    found: dict[str, Value] = {
        "started": _moment(truth.started), "paged": _moment(truth.paged), "mitigated": truth.mitigated,
        "ended": _moment(truth.ended), "customers": float(truth.customers), "failed-share": truth.share,
        "lost-eur": truth.lost, "component": truth.component, "reason": truth.reason, "cause": truth.cause,
        "weighed-cause": truth.weight,
    }  # fmt: skip
    found |= {f"weighed-{change}": weight for change, weight in truth.weights.items()}
    return found | {f"action-{factor}": truth.figures[factor] for factor in truth.holds}


def said(found: Examined, name: str) -> Value | None:
    """What a claim says, if the text shows it."""
    return None if found.words.get(name, "absent") in UNSEEN else found.values.get(name)


def judged(found: Examined, truth: Truth, proven: list[str]) -> Iterator[tuple[str, Said]]:
    """A word for each question about an incident."""
    true = truths(truth)
    yield "impact", _all(found, true, ["customers", "failed-share", "lost-eur"])
    yield "timeline", _timeline(found, true)
    yield "cause", _all(found, true, ["component", "cause", "reason", "weighed-cause"])
    yield "weighed", _set(found, true, "weighed-")
    yield "actions", _set(found, true, "action-")
    for name in proven:
        word = found.words.get(name, "absent")
        yield "evidence", (word, f"{name}: {found.why.get(name) or word}")


def near(name: str, value: Value | None, right: Value) -> bool:
    """Whether what a claim says is near enough to what is true."""
    if name.startswith("weighed-") or name in ("action-late-page", "action-late-word", "action-slow-undo",
                                               "action-foretold", "action-repeat"):  # fmt: skip
        room = POINTS if name.startswith("weighed-") else AROUND
        return is_number(value) and is_number(right) and abs(value - right) <= room + 1e-9
    within = TIMES if name == "action-storm" else WITHIN
    return agrees(value, right, within, SECONDS)


def _all(found: Examined, true: dict[str, Value], wanted: list[str]) -> Said:
    for name in wanted:
        value = said(found, name)
        if value is None:
            return "unsaid", f"{name}: {found.words.get(name, 'absent')}"
        if not near(name, value, true[name]):
            return "wrong", f"{name} is {short(true[name])}, not {short(value)}"
    return "right", ", ".join(f"{name} {short(true[name])}" for name in wanted)


def _timeline(found: Examined, true: dict[str, Value]) -> Said:
    wanted = ["started", "paged", "mitigated", "ended"]
    word, note = _all(found, true, wanted)
    order = list(dict.fromkeys(name for name, _ in found.shown if name in wanted))
    if word == "right" and order != wanted:
        return "disordered", f"the text shows {', '.join(order)}"
    return word, note


def _set(found: Examined, true: dict[str, Value], mark: str) -> Said:
    """Exactly these, and each near enough."""
    wanted = {name for name in true if name.startswith(mark)} - {"weighed-cause"}
    told = {name for name in found.values if name.startswith(mark) and said(found, name) is not None}
    told -= {"weighed-cause"}
    if missing := wanted - told:
        return "missing", f"{', '.join(sorted(missing))} is not there"
    if more := told - wanted:
        return "too many", f"{', '.join(sorted(more))} is there"
    return _all(found, true, sorted(wanted))


def short(value: Value | None) -> str:
    """A value as it is read."""
    if is_number(value):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return str(value)


def _moment(moment: np.datetime64) -> Value:
    found: Value = moment.astype("datetime64[s]").item()
    return found
