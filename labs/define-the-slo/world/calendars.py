"""What happens in a month, and how many rows come: by day, or minute by minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rows import BASE, FINE, HARMS, HURT, INSTEAD, SERVED, Month, Planned, felt, generator
from weeks.episodes import spread

BUDGET = 0.005
"""One bad opening in two hundred: what nobody minds."""

DAYS, A_DAY, HOUR = 30, 1440, 60
MINUTES = DAYS * A_DAY
OPENINGS = 680
"""In a minute, on average: with all the rest, 30 rows a second."""

KEPT, SPENT = (0.0037, 0.0043), (0.0062, 0.0068)
"""Bad openings of a month in which the budget was kept, and in which it was spent: a quarter less, and a quarter more,
so that a target that allows a third more or less decides otherwise."""

AUTOMATS = ("crawlers", "drained", "flood")
CALM = ("automats", "load-test", "tapped-on", "unchanged", "fallback")
MORE = {
    "crawlers": (0.5, 1.5),
    "drained": (0.3, 0.8),
    "flood": (0.3, 0.8),
    "load-test": (0.3, 1.0),
    "tapped-on": (0.15, 0.4),
    "log-in": (0.2, 0.5),
    "unchanged": (0.2, 0.4),
    "fallback": (0.3, 0.7),
}
"""So many rows more for one opening, while something odd but harmless goes on."""

BESIDE = (*AUTOMATS, "load-test", "tapped-on", "log-in")
"""Three of these go on beside the harm of a day: whoever counts them, and calls them good, makes it look smaller."""

ODD = (*BESIDE, "unchanged", "fallback")
FAST, MEDIUM, LEAKS = (20, 60), (10, 11), ((1.7, 1.8), (2.3, 2.4))
"""Burn rates of the true budget; a leak is as slow as one can be, or as fast."""

COSTS = {"fast": 0.13, "medium": 0.16, "leak": 0.45}
"""An episode is over when so much of a month's budget is gone."""

IN_TIME = {"fast": 0.1, "medium": 0.1, "leak": 0.35}

BLIPS = (((6, 13), (3, 6)), ((2, 5), (25, 40)), ((2, 5), (25, 40)))
"""Minutes and burn rates: long and faint, or short and sharp. None costs more than 0.4 % of a month's budget."""


class Traffic:
    """The row types of a month as arrays: `mix` for one opening on a usual day, `more(kind)` for one row of a
    kind more."""

    def __init__(self, seed: int, name: str) -> None:
        self.rows = Month(generator(seed, name, "rows")).rows
        self._kinds = np.array([row.kind for row in self.rows])
        self._shares = np.array([row.share for row in self.rows])
        felt_by = np.array([felt(row) for row in self.rows])
        self.hurt, self.openings = felt_by == HURT, (felt_by == HURT) | (felt_by == FINE)
        self.mix = sum((BASE[kind] * self.of(kind) for kind in BASE), np.zeros(len(self.rows)))

    def of(self, kind: str) -> NDArray[Any]:
        """The rows of a kind, as shares of them."""
        return np.where(self._kinds == kind, self._shares, 0.0)

    def more(self, kind: str) -> NDArray[Any]:
        """One row of a kind more for each opening, in place of one that was served where it is an opening itself."""
        return self.of(kind) - (self.of(SERVED) if kind in INSTEAD else 0)


class ByDay:
    """Thirty days: each kind of harm has one, with odd things beside it, and each kind of calm that looks like harm.
    `counts` is (day, row)."""

    def __init__(self, seed: int, case: Planned) -> None:
        rng = generator(seed, case["id"], "days")
        self.traffic = Traffic(seed, case["id"])
        days = rng.choice(DAYS, len(HARMS) + len(CALM), replace=False).tolist()
        self.harm = dict(zip(HARMS, days, strict=False))
        self.calm = dict(zip(CALM, days[len(HARMS) :], strict=True))
        mix = np.tile(self.traffic.mix, (DAYS, 1))
        bad = rng.uniform(*(SPENT if case["kind"] == "spent" else KEPT)) - BASE["failed"] * len(HARMS)
        weights = rng.uniform(0.7, 1.3, len(HARMS))
        openings = OPENINGS * A_DAY * rng.uniform(0.8, 1.2, DAYS)
        for (kind, day), weight in zip(self.harm.items(), weights / weights.sum(), strict=True):
            mix[day] += bad * weight * openings.sum() / openings[day] * self.traffic.more(kind)
            mix[day] += self._odd(rng, rng.choice(BESIDE, 3, replace=False).tolist())
        for kind, day in self.calm.items():
            mix[day] += self._odd(rng, {"automats": AUTOMATS, "unchanged": ("unchanged", "log-in")}.get(kind, (kind,)))
        self.counts = rng.poisson(openings[:, None] * mix)

    def _odd(self, rng: np.random.Generator, kinds: Iterable[str]) -> NDArray[Any]:
        none = np.zeros(len(self.traffic.rows))
        return sum((rng.uniform(*MORE[kind]) * self.traffic.more(kind) for kind in kinds), none)

    def ratios(self, good: NDArray[Any], total: NDArray[Any]) -> NDArray[Any]:
        """By day, the share of rows that are not good among those that count; 0 where none does."""
        return ratio(self.counts @ (total & ~good), self.counts @ total)

    def whole(self, good: NDArray[Any], total: NDArray[Any]) -> float:
        """The same of the whole month."""
        return float(ratio((self.counts @ (total & ~good)).sum(), (self.counts @ total).sum()))

    @cached_property
    def true(self) -> tuple[NDArray[Any], float]:
        """What users felt: bad ratio by day, and of the month."""
        good, total = ~self.traffic.hurt, self.traffic.openings
        return self.ratios(good, total), self.whole(good, total)


def ratio(part: Any, whole: Any) -> NDArray[Any]:
    """Part of a whole, 0 where there is none."""
    share: NDArray[Any] = np.divide(part, whole, out=np.zeros(np.shape(whole)), where=np.asarray(whole) > 0)
    return share


@dataclass(frozen=True)
class Episode:
    """Something that goes on from minute to minute: `rate` rows of a kind more for each opening. By `deadline` whoever
    is to be told has to know; it is 0 if nobody is. It may be heard of `until` the next one begins, or the month is
    over."""

    what: str
    kind: str
    begins: int
    ends: int
    rate: float = 0.0
    deadline: int = 0
    until: int = MINUTES

    @property
    def burn(self) -> float:
        """How fast the true budget burns by it."""
        return self.rate / BUDGET if self.kind in HARMS else 0.0


class ByMinute:
    """A month in minutes: `told` are the episodes that are asked about, in the order in which they come."""

    def __init__(self, seed: int, case: Planned) -> None:
        self._rng = generator(seed, case["id"], "minutes")
        self._noise = seed, case["id"], "noise"
        self.traffic = Traffic(seed, case["id"])
        peak, shape = self._rng.uniform(18, 22), np.arange(MINUTES) / HOUR
        self.volume = OPENINGS * (1 + 0.6 * np.cos((shape - peak) * np.pi / 12))
        self._budget = BUDGET * self.volume.sum()
        made = {"storm": self._storm, "leak": self._leaks, "calm": self._calm}[case["kind"]]()
        told = sorted(made, key=lambda episode: episode.begins)
        untils = [*(episode.begins for episode in told[1:]), MINUTES]
        self.told = [replace(episode, until=until) for episode, until in zip(told, untils, strict=True)]
        self.blips = list(self._blips())

    def counted(self, good: NDArray[Any], total: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Rows that are not good, and all that count, by minute."""
        noise = generator(*self._noise)
        bad, rest = (noise.poisson(np.maximum(self._rate(mask), 0)) for mask in (total & ~good, total & good))
        return bad, bad + rest

    def _rate(self, mask: NDArray[Any]) -> NDArray[Any]:
        rate = np.full(MINUTES, float(self.traffic.mix[mask].sum()))
        for episode in (*self.told, *self.blips):
            if episode.kind:
                rate[episode.begins : episode.ends] += episode.rate * self.traffic.more(episode.kind)[mask].sum()
        rows: NDArray[Any] = self.volume * rate
        return rows

    def _storm(self) -> Iterator[Episode]:
        return self._harm([("fast", FAST)] * 2 + [("medium", MEDIUM)] * 2, 700, 3 * A_DAY)

    def _leaks(self) -> Iterator[Episode]:
        return self._harm([("leak", burns) for burns in LEAKS], 13_000, 3 * A_DAY)

    def _harm(self, wanted: Sequence[tuple[str, tuple[float, float]]], longest: int, apart: int) -> Iterator[Episode]:
        begins = spread(self._rng, [longest] * len(wanted), MINUTES, apart, before=A_DAY).tolist()
        for (what, burns), begin in zip(wanted, begins, strict=True):
            rate = self._rng.uniform(*burns) * BUDGET
            gone = np.cumsum(rate * self.volume[begin:]) / self._budget
            ends, deadline = (begin + 1 + int(np.searchsorted(gone, by[what])) for by in (COSTS, IN_TIME))
            yield Episode(what, str(self._rng.choice(HARMS)), begin, ends, rate, deadline)

    def _calm(self) -> Iterator[Episode]:
        """Ten odd episodes and ten days without any, each on a day of its own."""
        days = 1 + self._rng.choice(DAYS - 1, 20, replace=False)
        for number, kind in enumerate([*ODD, *self._rng.choice(ODD, 2, replace=False)]):
            begin = int(days[number]) * A_DAY + int(self._rng.integers(0, 14 * HOUR))
            rate = self._rng.uniform(*MORE[kind])
            yield Episode("odd", str(kind), begin, begin + int(self._rng.integers(2 * HOUR, 8 * HOUR)), rate)
        for day in days[10:].tolist():
            yield Episode("nothing", "", day * A_DAY, (day + 1) * A_DAY)

    def _blips(self) -> Iterator[Episode]:
        """Each day some minutes are bad: a deployment, a lost packet, nothing that anybody would remember."""
        for day in range(DAYS):
            lasts, burns = BLIPS[self._rng.integers(len(BLIPS))]
            length, rate = int(self._rng.integers(*lasts)), self._rng.uniform(*burns) * BUDGET
            begin = day * A_DAY + int(self._rng.integers(0, A_DAY - length))
            yield Episode("blip", str(self._rng.choice(HARMS)), begin, begin + length, rate)
