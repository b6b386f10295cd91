"""The devices of a cohort, and all that they report: made from seed and case alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, NotRequired, TypedDict, final

import numpy as np
import numpy.typing as npt
from casebook.plan import Case, Plan
from common.tickets import ticket
from signals import DAYS, HOURS, LEAST, ROUNDS, SIGNALS, TABLE, Signal, effect

Array = npt.NDArray[Any]
STEPS = DAYS * ROUNDS
ROUND_S, DAY_S = 21_600, 86_400
DEVICES, JOIN, BROKEN = 40, 30, 5
UPDATED = 22, 30
"""A rollout begins on so many devices; on fewer than the second."""
LATE, NO_CLOCK, BOOTS, WEEKEND = 0.10, 0.015, 0.01, 0.55
EVENTS = "", "update-started", "updated", "update-failed", "boot"
STARTED, DONE, FAILED, BOOT = 1, 2, 3, 4
STARTS = DONE, BOOT
CARRIERS = 3
ENDS = 5, 8
"""The days on which what the halves of a season bring is over: the first reaches into the second."""
HARMLESS, WANDERS = (0.02, 0.10), (0.23, 0.25)
"""What a rollout changes, and how a cohort moves by itself once a half, as shares of a trend."""
SLOW = 0.45
"""How much slower busy cameras are, whose reports come late; a logarithm."""


def generator(*what: object) -> np.random.Generator:
    """Random numbers for what is named; they tell nothing of any others."""
    return np.random.default_rng(list(repr(what).encode()))


class Half(TypedDict):
    """What is harmless in half a season: its kind, the signal, and from which day on."""

    kind: str
    signal: str
    day: int


@final
class CohortCase(Case):
    """A cohort: what runs there and is rolled out when, how it gets worse, and on which days it is asked about."""

    city: str
    revision: str
    models: list[str]
    new: str
    rollout: int
    signal: NotRequired[str]
    cause: NotRequired[str]
    day: NotRequired[int]
    by: NotRequired[float]
    sick: NotRequired[float]
    halves: list[Half]
    figures: list[list[int]]
    told: int


@final
class Wave(Case):
    """The deliveries of a round."""

    round: int


@final
class Home(Case):
    """Those of a homecoming, and the round in which it is."""

    home: int


class Season(Plan[CohortCase | Wave | Home]):
    """All that is played; `seconds` it may take, and `day` is the first."""

    seconds: int
    day: str
    revisions: list[str]
    away: list[int]


class Reports(NamedTuple):
    """Columns of one length. Seconds count from the season's begin; `day` is the one on which a report was made, as far
    as anybody can know; `home` is -1, or the number of the homecoming with which it comes."""

    device: Array
    model: Array
    seq: Array
    at: Array
    received: Array
    day: Array
    clock: Array
    home: Array
    event: Array
    signals: Array


class Cohort:
    """A city's devices of one revision."""

    def __init__(self, plan: Season, case: CohortCase) -> None:
        self.id, self.city, self.revision, self.case = case["id"], case["city"], case["revision"], case
        self._rng = generator(plan["seed"], case["id"])
        self._weekend = [weekend(plan["day"], day) for day in range(DAYS)]
        self.models = [*case["models"], case["new"]]
        self._carrier = self._rng.integers(0, CARRIERS, self._size)
        self.names = [ticket(plan["seed"], self.id, "device", number)[:10] for number in range(self._size)]
        self.reports = self._reported(plan, *self._lived())

    @property
    def _mixed(self) -> list[bool]:
        return [happens["kind"] == "mix" for happens in self.case["halves"]]

    @property
    def _size(self) -> int:
        return DEVICES + JOIN * sum(self._mixed)

    def _lived(self) -> tuple[Array, Array, Array]:
        """Which device reports in which round, what happens then, and which model it runs."""
        rng, steps = self._rng, np.arange(STEPS)
        there = np.ones((self._size, STEPS), bool)
        there[:, np.repeat(self._weekend, ROUNDS)] = rng.random((self._size, ROUNDS * sum(self._weekend))) < WEEKEND
        joined = DEVICES
        for half, mixed in enumerate(self._mixed):
            if mixed:
                begin = self.case["halves"][half]["day"] * ROUNDS
                there[joined : joined + JOIN] &= (steps >= begin) & (steps < ENDS[half] * ROUNDS)
                joined += JOIN
        event = np.where(rng.random(there.shape) < BOOTS, BOOT, 0)
        model = np.repeat(rng.integers(0, len(self.models) - 1, (self._size, 1)), STEPS, axis=1)
        count = int(rng.integers(*UPDATED))
        for device, outcome in zip(rng.permutation(DEVICES)[:count], self._outcomes(count), strict=True):
            self._update(device, outcome, there, event, model)
        return there, event, model

    def _outcomes(self, count: int) -> list[str]:
        """What becomes of each update: always somebody never comes back."""
        rng = self._rng
        gone, failed = 1 + int(rng.random() < 0.4), int(rng.integers(0, 2))
        if "sick" in self.case:
            gone = round(count * self.case["sick"] / 2)
            failed = round(count * self.case["sick"]) - gone
        found = ["gone"] * gone + ["failed"] * failed + ["late"] * rng.integers(0, 2)
        found += ["again"] * rng.integers(0, 2) + ["again, late"] * rng.integers(0, 2)
        return (found + ["done"] * count)[:count]

    def _update(self, device: int, outcome: str, there: Array, event: Array, model: Array) -> None:
        """One device: rounds after its first start, and what it says then."""
        begin = self.case["rollout"] * ROUNDS + self._rng.integers(0, 2)
        courses: dict[str, dict[int, int]] = {
            "gone": {0: STARTED},
            "failed": {0: STARTED, 1: FAILED},
            "late": {0: STARTED, 5 + int(self._rng.integers(0, 2)): DONE},
            "again": {0: STARTED, 1: FAILED, 2: STARTED, 3: DONE},
            "again, late": {0: STARTED, 1: FAILED, 3: STARTED, 5: DONE},
            "done": {0: STARTED, int(self._rng.choice([1, 1, 2])): DONE},
        }
        says = courses[outcome]
        event[device, begin : begin + 7] = 0
        for after, what in says.items():
            event[device, begin + after], there[device, begin + after] = what, True
            if what == DONE:
                model[device, begin + after :] = len(self.models) - 1
        if outcome == "gone":
            there[device, begin + 1 :] = False

    def _reported(self, plan: Season, there: Array, event: Array, model: Array) -> Reports:
        rng, size = self._rng, self._size
        made = np.arange(STEPS) * ROUND_S + rng.integers(600, 20_000, (size, 1)) + rng.integers(0, 600, there.shape)
        received = made + rng.integers(2, 120, there.shape)
        late = rng.random(there.shape) < LATE
        received[late] += rng.integers(3 * 3_600, 2 * DAY_S - 1_200, late.sum())
        home = np.full(there.shape, -1)
        for number, start in enumerate(plan["away"]):
            lost = (self._carrier == number)[:, None] & (made >= start * ROUND_S) & (received < (start + 8) * ROUND_S)
            received[lost], home[lost] = (start + 8) * ROUND_S + rng.integers(0, 3_000, lost.sum()), number
        clock = np.repeat(rng.random((size, 1)) >= NO_CLOCK, STEPS, axis=1)
        seq = rng.integers(1, 9_000, (size, 1)) + np.cumsum(there, axis=1)
        device = np.repeat(np.arange(size)[:, None], STEPS, axis=1)
        day = np.where(clock, made, received) // DAY_S
        measured = self._measured(plan, event, model, late)
        columns = device, model, seq, made, received, day, clock, home, event
        return Reports._make([*(column[there] for column in columns), np.stack([each[there] for each in measured])])

    def _measured(self, plan: Season, event: Array, model: Array, late: Array) -> list[Array]:
        """The four signals, of each device and round."""
        shape, found = event.shape, []
        for at, signal in enumerate(SIGNALS):
            table, rng = TABLE[signal], self._rng
            shared = generator(plan["seed"], self.city, signal)
            day, whose = shared.normal(0, table.day, DAYS), shared.integers(0, len(plan["revisions"]), len(ENDS))
            day += self._wandering(signal, table, whose == plan["revisions"].index(self.revision))
            day += np.where(self._weekend, table.weekend, 0)
            base = table.base + shared.normal(0, table.city) + rng.normal(0, table.cohort)
            value = base + rng.normal(0, table.device, (shape[0], 1)) + np.repeat(day, ROUNDS)
            value = value + rng.normal(0, table.report, shape) + np.where(np.isin(event, STARTS), table.fresh, 0)
            value += self._happening(signal, table, shape) + self._trend(signal, model)
            value[model == len(self.models) - 1] += rng.uniform(*HARMLESS) * table.weather
            if signal == "latency":
                value += np.where(late, SLOW, 0)
            if at == 0:
                value += np.tile(HOURS, DAYS)
            found.append(np.clip(value, 0.02, 0.99).round(3) if at == 0 else np.exp(value).round(2))
        return found

    def _wandering(self, signal: str, table: Signal, moves: Sequence[bool]) -> Array:
        """How a cohort's days differ by themselves: by a quarter of the least trend at most. In each half one of
        a city's revisions moves for some days."""
        most, day = effect(signal, LEAST[signal]) / 4, self._rng.normal(0, table.cohort_day, DAYS)
        for half, ours in enumerate(moves):
            begin = (2, 5)[half] + self._rng.integers(0, 2)
            if ours:
                day[begin : ENDS[half]] += 4 * most * self._rng.uniform(*WANDERS)
        return np.clip(day, -abs(most), abs(most))

    def _happening(self, signal: str, table: Signal, shape: tuple[int, ...]) -> Array:
        """What the two halves of the season do to a signal."""
        shift, joined = np.zeros(shape), DEVICES
        for half, happens in enumerate(self.case["halves"]):
            when = slice(happens["day"] * ROUNDS, ENDS[half] * ROUNDS)
            ours = happens["signal"] == signal
            if happens["kind"] == "mix":
                shift[joined : joined + JOIN] += table.old * (1 if ours else 0.3)
                joined += JOIN
            elif ours and happens["kind"] == "weather":
                shift[:, when] += table.weather
            elif ours:
                shift[self._rng.permutation(DEVICES)[:BROKEN], when] += table.broken
        return shift

    def _trend(self, signal: str, model: Array) -> Array:
        """What gets worse, for good."""
        shift = np.zeros(model.shape)
        if self.case.get("signal") == signal:
            begin = self.case["day"] * ROUNDS + int(self._rng.integers(1, 4))
            hit = model == len(self.models) - 1 if self.case["cause"] == "model" else np.arange(STEPS) >= begin
            shift += np.where(hit, effect(signal, self.case["by"]), 0)
        return shift


def weekend(first: str, day: int) -> bool:
    """Whether a day of the season is a Saturday or a Sunday."""
    return bool(((np.datetime64(first) + day).astype(int) + 3) % 7 >= 5)
