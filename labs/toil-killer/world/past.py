"""A year of validations by hand, and the ten newest of those that were done again by others."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from common.names import named
from making import Right

MODELS, AUDITED, HERE = 220, 30, 10
ASKS = 0.15
MISREAD = {9: 0.75, 8: 0.3, 5: 0.3, 4: 0.3}
"""How often a model that fails a step was approved by hand; any other step 8 %."""


@dataclass(frozen=True)
class Past:
    """Rows as the log has them, a row for each person who worked on a model, and what follows from them.

    A quarter of the people type hours where the others type minutes; nobody works under 30 minutes, or over 5.5 hours.
    """

    rows: list[dict[str, Any]]
    minutes_by_hand: float
    wrong_by_hand: int
    audited: dict[str, str]
    before: dict[str, dict[str, str] | None]
    """What the tool's version before said of the ten."""


def wish(rng: random.Random) -> list[dict[str, Any]]:
    """What the ten are: cases like those of a plan."""
    steps = [9, 9, rng.choice((4, 5, 8)), rng.randint(6, 8)][rng.randint(0, 1) :]
    ways = rng.choices(("kind", "rows", "segment", "contradiction author"), k=rng.randint(1, 3))
    odd = [{"kind": "odd", "way": way} for way in ways]
    odd += [{"kind": "sound", "way": "plain"}] * (HERE - len(steps) - len(odd))
    bad = [{"kind": "failing", "way": "nearer" if step == 4 else "plain", "steps": [step]} for step in steps]
    return rng.sample(odd + bad, HERE)


def past(rng: random.Random, people: list[str], here: dict[str, Right]) -> Past:
    """The log: `here` are the ten, and what is right of each."""
    rows: list[dict[str, Any]] = []
    total, wrong = 0, 0
    audited = list(here)
    others = [f"model-{named(rng.getrandbits(40), at)}" for at in range(MODELS - HERE)]
    again = set(others[: AUDITED - HERE])
    in_hours = set(rng.sample(people, len(people) // 4))
    for model in rng.sample([*others, *audited], MODELS):
        if model in here:
            right = here[model].decision
            said = by_hand(rng, here[model])
            wrong += said not in (right, "ask")
        else:
            right = rng.choice(("approve", "approve", "approve", "refuse", "refuse", "ask"))
            said = right if rng.random() < 0.8 else rng.choice(("approve", "refuse"))
        minutes = [rng.randint(150, 330)] if rng.random() < 0.6 else [rng.randint(60, 200), rng.randint(30, 150)]
        total += sum(minutes)
        for who, each in zip(rng.sample(people, len(minutes)), minutes, strict=True):
            audit = right if model in again or model in here else None
            typed = round(each / 60, 2) if who in in_hours else each
            rows.append({"model": model, "who": who, "minutes": typed, "decision": said, "audit": audit})
    rng.shuffle(rows)
    before = {model: _before(rng, here[model].decision) for model in audited}
    return Past(rows, total / MODELS, wrong, {model: here[model].decision for model in audited}, before)


def _before(rng: random.Random, right: str) -> dict[str, str] | None:
    said = right if rng.random() < 0.5 else rng.choice(("approve", "refuse", "ask", ""))
    return {"decision": said} if said else None


def by_hand(rng: random.Random, right: Right) -> str:
    """What a tired person said of a model; now and then somebody asks without need."""
    if rng.random() < ASKS and right.decision != "ask":
        return "ask"
    if right.decision == "refuse":
        return "approve" if rng.random() < MISREAD.get(right.step or 0, 0.08) else "refuse"
    if right.decision == "approve":
        return "refuse" if rng.random() < 0.12 else "approve"
    return "approve" if rng.random() < 0.3 else "ask"
