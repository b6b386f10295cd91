"""The nights of a release: what the monitors of some wards wrote down, made from seed and case alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from casebook.plan import Case
from common.names import generator

Array = npt.NDArray[Any]
WARDS, EXPORTS, ROWS, NUMBERS = 8, 3, 45, 8
HOLDOUT, HIDDEN = 400, 4_000
DAYS = 70
QUARTERS = 96
"""Of a day: monitors write every quarter of an hour, so moment and device do not tell a row."""
SCALE, NOISE = 2.5, 1.4
"""How far the logit reaches, and by how much devices differ in it."""
LENT = 16
"""So many devices have one row: a model that was not trained on it has no weight for them."""
CHANGED = 10
"""So many rows are others in a release that was corrected."""
SENSORS = [
    "glucose",
    "trend",
    "pulse",
    "spo2",
    "motion",
    "skin_temp",
    "humidity",
    "hours_since_meal",
    "insulin",
    "age",
    "weight",
    "bed_angle",
    "battery",
    "signal",
    "hrv",
    "respiration",
    "ambient_temp",
    "fluid_in",
    "fluid_out",
    "last_alarm_h",
    "lactate",
    "sodium",
]


class Release(Case):
    """Data of a release and a seed, trained on nine times."""


class Table(NamedTuple):
    """Rows in columns: numbers as they are written, an index of a device, whether low glucose followed."""

    at: list[str]
    device: Array
    numbers: Array
    low: Array

    def text(self, names: Sequence[str], devices: Sequence[str]) -> str:
        """As CSV."""
        head = ",".join(["recorded_at", "device", *names, "low"])
        rows = (
            ",".join([at, devices[device], *(format(number, ".10g") for number in numbers), str(int(low))])
            for at, device, numbers, low in zip(self.at, self.device, self.numbers.tolist(), self.low, strict=True)
        )
        return "\n".join([head, *rows]) + "\n"


class Nights:
    """Of one case: `names` of numbers, `devices`, training `files`, `holdout`, and `hidden` rows that nobody is sent.

    `lent` are those of the devices that have one row, in the files. `day` is that after the last night.
    """

    def __init__(self, seed: int | str, case: Release) -> None:
        rng = generator(seed, case["id"], "names")
        self._rng = np.random.default_rng(rng.getrandbits(63))
        self.names = rng.sample(SENSORS, NUMBERS)
        letters = "".join(rng.sample("ABCDEFGHKLMNPRSTUVW", 2))
        self._usual = rng.randrange(12, 19)
        self.devices = [f"{letters}{number}" for number in rng.sample(range(1_000, 9_999), self._usual + LENT)]
        self.lent = self.devices[self._usual :]
        self.day = datetime(2026, 1, 12) + timedelta(rng.randrange(900))
        self._mean, self._spread = self._rng.uniform(2, 180, NUMBERS), self._rng.uniform(0.5, 40, NUMBERS)
        self._weights = self._rng.normal(size=NUMBERS) * SCALE / np.sqrt(NUMBERS)
        self._of_device = self._rng.normal(0, NOISE, self._usual)
        self._bias = self._rng.uniform(-0.8, 0.2)
        self.tables = self._exports(rng)
        self.holdout, self.hidden = self._rows(HOLDOUT, 0, DAYS), self._rows(HIDDEN, 0, DAYS)
        self.other_holdout = self._rows(HOLDOUT, 0, DAYS)

    @property
    def files(self) -> dict[str, str]:
        """As they are handed out."""
        tables = {**self.tables, "holdout.csv": self.holdout}
        return {name: table.text(self.names, self.devices) for name, table in tables.items()}

    def rechecked(self) -> dict[str, str]:
        """The same files with another holdout."""
        return {**self.files, "holdout.csv": self.other_holdout.text(self.names, self.devices)}

    def corrected(self) -> dict[str, str]:
        """The same files with ten rows of several changed, as after a correction."""
        files, rng, changed = self.files, self._rng, dict(self.tables)
        for name in rng.choice(sorted(changed), CHANGED):
            table, at = changed[name], int(rng.integers(ROWS))
            low, numbers = table.low.copy(), table.numbers.copy()
            low[at], numbers[at] = not low[at], self._numbers(1)[0]
            changed[name] = table._replace(low=low, numbers=numbers)
            files[name] = changed[name].text(self.names, self.devices)
        return files

    def _exports(self, rng: random.Random) -> dict[str, Table]:
        wards, tables = rng.sample(range(1, 60), WARDS), {}
        for part in range(EXPORTS):
            first, last = DAYS * part // EXPORTS, DAYS * (part + 1) // EXPORTS
            for ward in wards:
                date = (self.day - timedelta(DAYS - first)).date()
                tables[f"ward-{ward:02}-{date}.csv"] = self._rows(ROWS, first, last)
        for lent, at in enumerate(rng.sample(range(len(tables) * ROWS), LENT), self._usual):
            list(tables.values())[at // ROWS].device[at % ROWS] = lent
        return tables

    def _rows(self, count: int, first: int, last: int) -> Table:
        """Rows from so many days after the first night on, in the order of time."""
        rng = self._rng
        minutes = np.sort(rng.integers(first * QUARTERS, last * QUARTERS, count)) * 15
        begin = self.day - timedelta(DAYS)
        device, numbers = rng.integers(0, self._usual, count), self._numbers(count)
        logit = (numbers - self._mean) / self._spread @ self._weights + self._of_device[device] + self._bias
        low = rng.random(count) < 1 / (1 + np.exp(-logit))
        return Table([f"{begin + timedelta(minutes=int(m)):%Y-%m-%d %H:%M}" for m in minutes], device, numbers, low)

    def _numbers(self, count: int) -> Array:
        return (self._mean + self._spread * self._rng.normal(size=(count, NUMBERS))).round(2)
