"""Systems of other sites: their features, their experiment, their launches, each sound or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from casebook.plan import Case
from columns import Array, Columns
from experiments import CONTROL, treatments

USERS, TWICE, BOTH = (2800, 3300), (0.02, 0.1), (0.052, 0.09)
PLANS = (
    (0.5, 0.5),
    (0.9, 0.1),
    (0.8, 0.1, 0.1),
    (0.4, 0.3, 0.3),
    (0.9, 0.1),
    (0.6, 0.2, 0.2),
    (0.5, 0.25, 0.25),
    (0.9, 0.1),
)
"""Intended shares, the control's first: one in eight is half and half."""
EVEN = 0.6
"""Up to such a share of the control, users in two arms do not show in sizes."""
OFF, LEAN = (0.055, 0.07), (0.8, 0.95)
LAUNCHES = 12
SOUND, BROKEN = (0.78, 0.97), (-0.4, 0.3)


class SystemCase(Case):
    """A system, and what is wrong with each of three parts; empty: nothing."""

    kind: str
    skew: str
    experiment: str
    metric: str


class System:
    """One system: `asked` is the body of the call; `skewed` the columns that differ, `experiment` and `metric` whether
    there is something wrong with those."""

    def __init__(self, rng: np.random.Generator, case: SystemCase) -> None:
        self.id = case["id"]
        self.kinds = {"skew": case["skew"], "experiment": case["experiment"], "metric": case["metric"]}
        self.experiment, self.metric = bool(case["experiment"]), bool(case["metric"])
        columns = Columns(rng, case["skew"])
        self.skewed = sorted(columns.names[at] for at in columns.skewed)
        self.asked: dict[str, Any] = {
            "features": columns.asked,
            "experiment": _experiment(rng, case["experiment"]),
            "launches": _launches(rng, case["metric"]),
        }

    def judged(self, said: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
        """(aspect, word, note) of each cause: those that are there by their own name, the others under `cleared`."""
        skew = sorted(set(said["skew"]))
        named = ", ".join(skew) or "none"
        yield (
            "skew" if self.skewed else "cleared",
            "right" if skew == self.skewed else "wrong",
            f"skew: {', '.join(self.skewed) or 'none'} {self.kinds['skew']}; named: {named}",
        )
        for cause in ("experiment", "metric"):
            there = getattr(self, cause)
            yield (
                cause if there else "cleared",
                "right" if said[cause] is there else "wrong",
                f"{cause}: {self.kinds[cause] or 'sound'}; {'named' if said[cause] else 'not named'}",
            )


def _experiment(rng: np.random.Generator, kind: str) -> dict[str, Any]:
    """Shares as they were meant, and a row for each time that a user was let in."""
    kind, _, between = kind.partition(" of ")
    plans = [plan for plan in PLANS if len(plan) > 2 or not between]
    if kind == "both arms":
        plans = [plan for plan in plans if plan[0] <= EVEN]
    plan = plans[rng.integers(len(plans))]
    arms = [CONTROL, *treatments(rng, len(plan) - 1)]
    users = int(rng.integers(*USERS))
    earlier = rng.random(users) < rng.uniform(0.4, 0.6)
    first = 1 if between else 0
    more, less = first + rng.permutation(len(plan) - first)[:2]
    by = 0.0
    if kind == "shares":
        by = rng.uniform(*OFF)
    elif kind == "carry-over":
        part = earlier.mean()
        by = rng.uniform(*LEAN) * min(plan[more], plan[less]) * np.where(earlier, 1 - part, -part) / max(part, 1 - part)
    chances = np.tile(plan, (users, 1))
    chances[:, more] += by
    chances[:, less] -= by
    drawn = (chances.cumsum(1) < rng.random((users, 1))).sum(1).clip(0, len(plan) - 1)
    rows = [*enumerate(drawn.tolist()), *_twice(rng, drawn, plan, kind == "both arms")]
    rows = [rows[at] for at in rng.permutation(len(rows))]
    before = rng.permutation([CONTROL, *treatments(rng, 1)]).tolist()
    number, order = int(rng.integers(10_000, 9_000_000)), rng.permutation(len(plan))
    return {
        "shares": {arms[at]: plan[at] for at in order},
        "users": [f"u{number + user}" for user, _ in rows],
        "arms": [arms[arm] for _, arm in rows],
        "earlier": [before[int(earlier[user])] for user, _ in rows],
    }


def _twice(rng: np.random.Generator, drawn: Array, plan: tuple[float, ...], both: bool) -> list[tuple[int, int]]:
    """Users who were logged again; where they are in both arms, most of them in another one. How many there are tells
    little, and sizes by rows nothing: of the other arms each has the share that was meant."""
    least = rng.uniform(*BOTH) if both else 0.0
    count = int(rng.uniform(max(least, TWICE[0]), TWICE[1]) * len(drawn))
    left, rows = rng.permutation(len(drawn)), []
    for arm in rng.choice(len(plan), int(least * len(drawn)), p=plan).tolist():
        at = np.argmax(drawn[left] != arm)
        rows.append((left[at], arm))
        left = np.delete(left, at)
    return rows + [(user, drawn[user]) for user in left[: count - len(rows)]]


def _launches(rng: np.random.Generator, kind: str) -> list[dict[str, float]]:
    """Twelve launches: what was measured offline, and what came of it online, in per cent."""
    low, high = BROKEN if kind else SOUND
    while True:
        follows = rng.uniform(low, high)
        one, other = rng.normal(size=(2, LAUNCHES))
        offline, online = one, follows * one + np.sqrt(1 - follows**2) * other
        ranks = np.corrcoef(offline.argsort().argsort(), online.argsort().argsort())[0, 1]
        if all(low <= value <= high for value in (np.corrcoef(offline, online)[0, 1], ranks)):
            break
    offline = rng.uniform(3, 7) + rng.uniform(1.5, 3) * offline
    online = rng.uniform(-0.5, 1) + rng.uniform(0.8, 2) * online
    errors = rng.uniform(0.1, 0.4, LAUNCHES)
    return [
        {"offline": round(before, 2), "online": round(after, 2), "error": round(error, 2)}
        for before, after, error in zip(offline.tolist(), online.tolist(), errors.tolist(), strict=True)
    ]
