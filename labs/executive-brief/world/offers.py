"""A year of booked losses, what could be bought against them, and what there is to spend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from common.names import generator, named

if TYPE_CHECKING:
    from trade import Trade

MONTHS_MOST = 24
"""A purchase has to be back by then."""


@dataclass(frozen=True)
class Proposal:
    """`once`, `yearly` in EUR; `avoids`: share of its component's losses. `worth`: EUR a year; `payback`: months."""

    id: str
    component: str
    once: int
    yearly: int
    avoids: float
    worth: float

    @property
    def payback(self) -> float:
        """Months until `once` is back; never if it is worth nothing."""
        return 12 * self.once / self.worth if self.worth > 0 else float("inf")


@dataclass(frozen=True)
class Offers:
    """Tables `history`, `proposals`, `budget`; `ask` is the proposal to ask for, or None."""

    tables: dict[str, dict[str, Any]]
    proposals: list[Proposal]
    budget: int
    ask: Proposal | None


def components(seed: int | str, case: str) -> list[str]:
    """Names of what breaks."""
    return [f"c-{named(seed, case, 'component', at, size=3)}" for at in range(6)]


def offers(seed: int | str, case: str, offer: str, trade: Trade) -> Offers:
    """What can be asked for: `pays`: the dearest is not the best; `dear`: the best is over the budget, and another one
    pays; `none`: nothing that can be paid for comes back in time.

    Drawn until each is far from every limit, and what is to be asked for is worth twice as much as the next.
    """
    for again in range(500):
        rng = generator(seed, case, "offers", again)
        parts = components(seed, case)
        history = [(rng.randrange(365), rng.choice(parts), rng.randrange(8, 160) * 1_000) for _ in range(120)]
        booked = dict.fromkeys(parts, 0)
        for _, part, loss in history:
            booked[part] += loss
        budget = rng.randrange(80, 260) * 1_000
        wished = _wished(rng, offer, budget)
        made = [_proposal(rng, seed, case, at, booked, budget, *wish) for at, wish in enumerate(wished)]
        ask = _ask(made, budget)
        if _clear(made, budget, ask, offer):
            return Offers(_tables(rng, history, made, budget, trade), made, budget, ask)
    raise RuntimeError(f"no offers for {case}")


def _wished(rng: Any, offer: str, budget: int) -> list[tuple[float, float]]:
    """EUR a year that each is worth, and months until it is back.

    What is to be asked for is small in three of four: then one that the budget can pay for is worth more, and is back
    too late. Most of these are back late themselves, but in time: the second best is back sooner, and brings more until
    then. Where the best is back soon, the second best is mostly the dearest that can be bought."""
    large = budget * rng.uniform(0.9, 1.3)
    slow, late = (large * rng.uniform(0.25, 0.45), rng.uniform(32, 60)), rng.uniform(27, 34)
    within = (12 / late * budget * rng.uniform(0.6, 0.85), late)
    poor = [(large * rng.uniform(0.2, 0.4), rng.uniform(60, 90)), (-large * rng.uniform(0.1, 0.3), 0.0)]
    if offer == "none":
        return [slow, within, *poor, (large * rng.uniform(1.2, 2), rng.uniform(15, 20))]
    dear = [(large * rng.uniform(2.2, 3), rng.uniform(8, 12)) for _ in range(2 if offer == "dear" else 0)]
    small, soon, just = budget * rng.uniform(0.1, 0.18), rng.uniform(5, 7.5), rng.uniform(18.5, 21)
    best, back = rng.choice([(large, soon), (small, soon), (small, just), (small, just)])
    sooner, dearer = (best * rng.uniform(0.25, 0.45), rng.uniform(2, 4)), (best * rng.uniform(0.42, 0.48), just)
    second = sooner if back == just or rng.random() < 0.25 else dearer
    return [slow, within, *poor, *dear, (best, back), second]


def _tables(
    rng: Any, history: list[tuple[int, str, int]], made: list[Proposal], budget: int, trade: Trade
) -> dict[str, dict[str, Any]]:
    rows = rng.sample(made, len(made))
    start = trade.at(35 * 1440)
    return {
        "history": {
            "day": start - np.array([day + 1 for day, _, _ in history]).astype("timedelta64[D]"),
            "component": [part for _, part, _ in history],
            "booked": [loss for _, _, loss in history],
        },
        "proposals": {
            "proposal": [one.id for one in rows],
            "component": [one.component for one in rows],
            "once": [one.once for one in rows],
            "yearly": [one.yearly for one in rows],
            "avoids": [one.avoids for one in rows],
        },
        "budget": {"amount": [budget]},
    }


def _proposal(
    rng: Any, seed: int | str, case: str, at: int, booked: dict[str, int], budget: int, worth: float, months: float
) -> Proposal:
    """One that is worth about so much, and comes back in about so many months."""
    avoids = round(rng.uniform(0.4, 0.9), 2)
    part = rng.choice([*booked])
    yearly = round(booked[part] * avoids - worth)
    value = booked[part] * avoids - yearly
    once = round(value * months / 12) if worth > 0 else round(budget * rng.uniform(0.3, 0.8))
    return Proposal(f"p-{named(seed, case, 'proposal', at, size=3)}", part, once, yearly, avoids, value)


def _ask(made: list[Proposal], budget: int) -> Proposal | None:
    """What pays most of what can be paid for and is back in time."""
    able = [one for one in made if one.once <= budget and one.payback <= MONTHS_MOST]
    return max(able, key=lambda one: one.worth, default=None)


def _clear(made: list[Proposal], budget: int, ask: Proposal | None, offer: str) -> bool:
    near = [abs(one.once / budget - 1) < 0.1 or abs(one.payback / MONTHS_MOST - 1) < 0.1 for one in made]
    able = sorted(one.worth for one in made if one.once <= budget and one.payback <= MONTHS_MOST)
    dearest = max(made, key=lambda one: one.once)
    usual = all(one.yearly > 0 for one in made) and (ask is None) == (offer == "none") and dearest is not ask
    return usual and not any(near) and (len(able) < 2 or able[-1] > 2 * able[-2])
