"""A night: its rows, the people in them, and the score that is right for each; made from seed and case alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, NamedTuple, final

from casebook.plan import Case, Plan
from common.names import generator, named

REGIONS = {"north": 1, "east": 2, "south": 3, "west": 4}
CHANNELS = {"broker": 1, "web": 2, "branch": 3}
UNKNOWN = {"age": 45, "visits": 0, "late": 0}
EMPTY = {"premium": 0, "months": 1, "mileage": -1, "claims": 0}
TEXTS = "months", "mileage", "claims"
"""Columns of which one arrives as text."""

ODD = "null", "null", "category", "stranger", "twice", "no age"
"""Kinds of odd rows, as often as they come: four columns may be null, so that kind comes twice."""

PLAIN_ODD, SMALL_ODD = 0.045, 0.6
"""How many rows of a big night are odd, and of a small one."""

SOME = 0, 1, 1, 1, 1
"""A fifth of months and mileages is 0, which is not null: `months or 1` is wrong."""

SCALE = 0.002, 0.01, 0.00001, 0.3, 0.1, 0.1, 0.01, 0.02, 0.2
"""By how much an input counts at most."""


@final
class Night(Case):
    """A night: big or small, of so many rows, and the column that arrives as text."""

    kind: str
    rows: int
    text: str


class Row(NamedTuple):
    """`sent` is what the lake has of it, `score` the right one, `odd` what is odd about it, else empty."""

    id: str
    sent: dict[str, Any]
    score: float
    odd: str


class Made(NamedTuple):
    """All that is known of a night. `profiles` by person; `weights` of its model."""

    rows: dict[str, Row]
    profiles: dict[str, dict[str, Any]]
    weights: list[float]


def score(weights: Sequence[float], inputs: Sequence[float]) -> float:
    """What the model says."""
    return 1 / (1 + math.exp(-sum(weight * value for weight, value in zip(weights, inputs, strict=True))))


def prepared(sent: Mapping[str, Any], profile: Mapping[str, Any] | None) -> list[float]:
    """The nine inputs of a row, as today's table has them."""
    values = {name: EMPTY[name] if sent[name] is None else sent[name] for name in EMPTY}
    person = profile or UNKNOWN
    age = UNKNOWN["age"] if person["age"] is None else person["age"]
    premium = values["premium"] / 12 if sent["premium"] is not None else 0
    codes = REGIONS.get(sent["region"], 0), CHANNELS.get(sent["channel"], 0)
    rest = (float(values[name]) for name in TEXTS)
    return [premium, *rest, *codes, age, person["visits"], person["late"]]


def made(plan: Plan[Night], case: Night) -> Made:
    """A night's rows in the lake's order."""
    seed, id = plan["seed"], case["id"]
    rng = generator(seed, id, "rows")
    weights = [rng.uniform(0.3, 1) * scale * rng.choice((-1, 1)) for scale in SCALE]
    share = SMALL_ODD if case["kind"] == "small" else PLAIN_ODD
    rows: dict[str, Row] = {}
    profiles: dict[str, dict[str, Any]] = {}
    last = ""
    for at in range(case["rows"]):
        odd = rng.choice(ODD) if rng.random() < share else ""
        name = named(seed, id, "row", at)
        person = f"p-{named(seed, id, 'person', at)}"
        sent = _row(rng, name, person)
        if odd == "null":
            sent[rng.choice(list(EMPTY))] = None
        elif odd == "category":
            sent[rng.choice(("region", "channel"))] = f"{rng.choice(('kiosk', 'isle', 'app', 'abroad'))}-{at}"
        elif odd == "twice" and last:
            person = sent["person"] = last
        if odd != "stranger":
            profiles.setdefault(person, _profile(rng, person))
            if odd == "no age":
                profiles[person]["age"] = None
            last = person
        right = score(weights, prepared(sent, profiles.get(person)))
        sent[case["text"]] = _text(sent[case["text"]])
        rows[name] = Row(name, sent, right, odd)
    return Made(rows, profiles, weights)


def _row(rng: Random, name: str, person: str) -> dict[str, Any]:
    return {
        "row": name,
        "person": person,
        "premium": round(rng.uniform(80, 1400), 2),
        "months": rng.choice(SOME) * rng.randrange(1, 240),
        "mileage": rng.choice(SOME) * round(rng.uniform(500, 90_000), 1),
        "claims": rng.choice((0, 0, 0, 1, 1, 2, 3)),
        "region": rng.choice(list(REGIONS)),
        "channel": rng.choice(list(CHANNELS)),
    }


def _profile(rng: Random, person: str) -> dict[str, Any]:
    age = rng.randrange(18, 92)
    return {"id": person, "age": age, "visits": rng.randrange(40), "late": rng.choice((0, 0, 0, 1, 2))}


def _text(value: object) -> str | None:
    return None if value is None else str(value)
