"""An incident whole: what a run is given of it, and what is true. Drawn until nothing in it is doubtful."""

from __future__ import annotations

from dataclasses import dataclass

import changes
import numpy as np
from crowd import crowd
from kinds import FACTORS, Columns, Incident
from rest import rest
from scene import Scene, scene
from traces import traces
from truth import Truth, Unclear, truth

NAMES = [{"service", "caller", "component"}, {"host"}, {"version"}, {"change"}, {"code"}, {"office"}]
AMOUNTS = {"amount", "utc_offset"}
WHOLE = {"hosts", "offices", "changes", "touched", "pages", "posts", "history"}
"""Of the twin: groups of names, what is of another size there, and tables of which all rows stay."""

LEAST, INNOCENT, SHARE = 0.55, 0.4, 0.6
"""What is at fault weighs more than the first; an innocent suspect less than the second; every other host and party
less than the third of it."""

NOTHING = 0.005
"""No suspect weighs less, up or down: so small a weight is hard to round as `cited` wants it."""


@dataclass
class Made:
    """`tables` as the run is given them, and what is true."""

    case: Incident
    scene: Scene
    tables: dict[str, Columns]
    truth: Truth
    draws: int


def made(seed: int | str, case: Incident) -> Made:
    """All of an incident."""
    for again in range(60):
        found = _drawn(seed, case, again)
        if found:
            return found
    raise RuntimeError(f"no incident for {case}")


def _drawn(seed: int | str, case: Incident, again: int) -> Made | None:
    evening = scene(seed, case, again)
    changes.fill(evening, seed, case, again)
    came = crowd(evening, seed, case, again)
    told, why = traces(evening, came, seed, case, again)
    tables: dict[str, Columns] = {"requests": came.requests, "carts": came.carts, **told}
    tables |= changes.tables(evening) | rest(evening, seed, case, again)
    try:
        true = truth(tables)
    except Unclear:
        return None
    true.cause = evening.cause
    return Made(case, evening, tables, true, again + 1) if _clear(evening, case, true, why) else None


def _clear(evening: Scene, case: Incident, true: Truth, why: str) -> bool:
    """Whether the tables say what happened, and nothing lies near a limit."""
    onset, effect = evening.at(evening.onset), evening.at(evening.effect)
    minute = np.timedelta64(60, "s")
    weight = true.weight if true.cause in {**true.places, **{f"change:{one}": 0 for one in true.weights}} else 0.0
    faulty = {f"host:{evening.hosts[evening.fault][at]}" for at in evening.where} if evening.fault != "party" else set()
    others = [each for place, each in true.places.items() if place not in faulty | {true.cause}]
    innocent = [each for change, each in true.weights.items() if f"change:{change}" != true.cause]
    return bool(
        abs(true.started - onset) <= minute
        and abs(true.ended - effect) <= minute
        and 3 <= len(true.weights) <= 5
        and weight > LEAST
        and max(others) < SHARE * weight
        and max(innocent) < INNOCENT
        and min(map(abs, innocent)) > NOTHING
        and true.component == evening.component
        and true.reason == why
        and true.holds == [factor for factor in FACTORS if factor in case["factors"]]
        and (true.figures["storm"] < 1.75 or true.figures["storm"] > 2.4)
        and true.customers >= 35
    )
