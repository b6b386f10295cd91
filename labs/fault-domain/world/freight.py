"""A cell's data: what the terminal's source says of each container, and the features that the job made of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from random import Random
from typing import Any

from machines import Machines, Row, strength

NOUNS = {
    "distance": ("m", 700), "wait": ("min", 25), "weight": ("kg", 14_000),
    "speed": ("km/h", 22), "fuel": ("l", 260), "energy": ("kWh", 90),
}  # fmt: skip
PLACES = ("berth", "gate", "crane", "yard", "rail", "quay", "stack", "lane", "scale", "ramp")
OTHER_UNIT = (3.2, 60)
"""Any unit that a terminal has. Most are so near that limits twice as wide as the card's would not show it. It is
multiplied or divided by."""
FEATURES = (1, 1, 1, 2, 3)
"""So many features of a container are another, or missing."""

TRUCKS = ("flatbed", "reefer", "skeletal", "tanker", "tipper", "lowboy", "sidelift", "curtain", "genset", "drayage")
COLUMNS, ENTITIES = 5, 60
SPREAD, EDGE = 0.15, 2.2
"""How much containers differ, and how far from its usual value a column can lie: a released fact, in the card."""

SWAPPED = 0.75
"""How often a feature is not old but another container's that is much like it: no sum, mean or range shows that."""

FORMS: dict[str, Callable[[float], float]] = {"log": math.log, "root": math.sqrt, "inverse": lambda value: 1000 / value}


class Freight:
    """A cell's containers, and their faults: `other-unit`, `source-late`, `stale`, `nulls`. `season` is none."""

    def __init__(self, rng: Random, noise: Random, machines: Machines, faults: Collection[str]) -> None:
        self._noise, self._machines = noise, machines
        names = rng.sample([f"{place}_{noun}" for place in PLACES for noun in NOUNS], COLUMNS)
        self.columns = {name: self._column(rng, name) for name in names}
        self.inputs = {f"{name}_{form}": (name, form) for name in names for form in [rng.choice(list(FORMS))]}
        self.trucks = rng.sample(TRUCKS, rng.randint(5, 7))
        self.max_age_min = rng.randint(15, 90)
        turned = rng.sample(names, rng.randint(2, 3)) if "season" in faults else []
        self._season = {name: rng.uniform(1.15, 1.3) if name in turned else rng.uniform(0.96, 1.04) for name in names}
        self.true = {self._entity(rng): self.container(rng, self._season) for _ in range(ENTITIES)}
        self.age_min = {name: round(rng.uniform(0.05, 0.95) * self.max_age_min, 1) for name in self.true}
        self.source = {name: dict(raw) for name, raw in self.true.items()}
        if "other-unit" in faults:
            self._other_unit(rng)
        if "source-late" in faults:
            self._late(rng)
        self.stored = {name: self.features(raw) for name, raw in self.source.items()}
        if "stale" in faults:
            self._stale(rng)
        if "nulls" in faults:
            self._nulls(rng)

    def container(self, rng: Random, season: Mapping[str, float] | None = None) -> Row:
        """What is true of a container: a number a column, and the class of its truck."""
        raw: Row = {}
        for name, column in self.columns.items():
            usual, off = column["usual"] * (season[name] if season else 1.0), rng.gauss(0, 1)
            raw[name] = figure(usual * math.exp((off if -3 < off < 3 else math.copysign(3, off)) * SPREAD))
        return {**raw, "truck": rng.choice(self.trucks)}

    def features(self, raw: Mapping[str, Any]) -> Row:
        """What the released feature code makes of raw values."""
        made = {name: round(FORMS[form](raw[column]), 4) for name, (column, form) in self.inputs.items()}
        return {**made, "truck": raw["truck"]}

    def nothing(self) -> Row:
        """What a reader gets of the store when it does not answer."""
        return dict.fromkeys([*self.inputs, "truck"])

    def read(self, entity: str) -> Row:
        """An entity's features, past the network of the store."""
        return self.stored[entity] if self._machines.reads(entity) else self.nothing()

    def made_anew(self, entity: str, background: float) -> Row:
        """An entity's features from the raw source, made now on a machine of its own."""
        return self.nothing() if self._noise.random() < background else self.features(self.source[entity])

    def _column(self, rng: Random, name: str) -> dict[str, Any]:
        unit, typical = NOUNS[name.split("_")[1]]
        usual = typical * rng.uniform(0.6, 1.6)
        return {"unit": unit, "usual": usual, "low": figure(usual / EDGE), "high": figure(usual * EDGE)}

    def _entity(self, rng: Random) -> str:
        return "".join(rng.choice("ABCDEFGHKLMNPRSTUWXYZ") for _ in range(4)) + f"{rng.randrange(10**7):07d}"

    def _some(self, rng: Random) -> list[str]:
        """The containers that a fault meets, drawn by lot: 30 % or more."""
        return rng.sample(list(self.true), math.ceil(strength(rng, 0.3, 1.0, 1.0) * ENTITIES))

    def _other_unit(self, rng: Random) -> None:
        column = rng.choice(list(self.columns))
        least, most = OTHER_UNIT
        factor = (least * (most / least) ** rng.random() ** 4) ** rng.choice((-1, 1))
        for name in self._some(rng):
            self.source[name][column] = figure(self.source[name][column] * factor)

    def _late(self, rng: Random) -> None:
        for name in self._some(rng):
            self.source[name] = {**self.container(rng, self._season), "truck": self.true[name]["truck"]}
            self.age_min[name] = round(strength(rng, 1.2, 4, 30) * self.max_age_min, 1)

    def _stale(self, rng: Random) -> None:
        met = self._some(rng)
        for feature in self._features(rng):
            self._another(rng, met, feature)

    def _another(self, rng: Random, met: list[str], feature: str) -> None:
        moved = 1 + rng.choice((-1, 1)) * strength(rng, 0.01, 0.3, 0.3)
        if feature != "truck" and rng.random() < SWAPPED:
            met = sorted(met, key=lambda name: self.stored[name][feature])
            others = [self.stored[name][feature] for name in met[2:] + met[:2]]
            for name, value in zip(met, others, strict=True):
                self.stored[name] = {**self.stored[name], feature: value}
            return
        for name in met:
            old: Row = {column: figure(self.source[name][column] * moved) for column in self.columns}
            old["truck"] = rng.choice([truck for truck in self.trucks if truck != self.source[name]["truck"]])
            self.stored[name] = {**self.stored[name], feature: self.features(old)[feature]}

    def _nulls(self, rng: Random) -> None:
        missing = dict.fromkeys(self._features(rng))
        for name in self._some(rng):
            self.stored[name] = {**self.stored[name], **missing}

    def _features(self, rng: Random) -> list[str]:
        return rng.sample(list(self.nothing()), rng.choice(FEATURES))


def figure(value: float) -> float:
    """A number with four digits that count."""
    return float(f"{value:.4g}")
