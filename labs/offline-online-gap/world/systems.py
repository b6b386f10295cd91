"""Systems of other sites: their features, their experiment, their launches, each sound or not."""

from __future__ import annotations

import numpy as np
from columns import Columns
from experiments import CONTROL

USERS, TWICE, BOTH = (2800, 3300), (0.02, 0.1), (0.06, 0.09)
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
OFF = 0.06
LAUNCHES = 12
SOUND, BROKEN = (0.78, 0.97), (-0.4, 0.3)


class System:
    """One system: `asked` is the body of the call; `skewed` the columns that differ, `experiment` and `metric` whether
    there is something wrong with those."""

    def __init__(self, rng, case):
        self.id = case["id"]
        self.kinds = {cause: case[cause] for cause in ("skew", "experiment", "metric")}
        self.experiment, self.metric = bool(case["experiment"]), bool(case["metric"])
        columns = Columns(rng, case["skew"])
        self.skewed = sorted(columns.names[at] for at in columns.skewed)
        self.asked = {
            "features": columns.asked,
            "experiment": _experiment(rng, case["experiment"]),
            "launches": _launches(rng, case["metric"]),
        }

    def judged(self, said):
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


def _experiment(rng, kind):
    """Shares as they were meant, and a row for each time that a user was let in."""
    plan = PLANS[rng.integers(len(PLANS))]
    arms = [CONTROL, *(f"arm-{letter}" for letter in rng.permutation(list("abcdefgh"))[: len(plan) - 1])]
    shares = np.array(plan)
    if kind == "shares":
        more, less = rng.permutation(len(plan))[:2]
        if shares[less] < 2 * OFF:
            more, less = less, more
        shares[more] += OFF
        shares[less] -= OFF
    users = int(rng.integers(*USERS))
    earlier = (rng.random(users) < rng.uniform(0.4, 0.6)).astype(int)
    treated = 1 - shares[0]
    chances = np.full(users, treated)
    if kind == "carry-over":
        lean = rng.uniform(0.8, 0.95) * min(treated, 1 - treated) * rng.choice((-1, 1))
        share = earlier.mean()
        chances += lean * np.where(earlier, 1 - share, -share) / max(share, 1 - share)
    which = 1 + rng.choice(len(plan) - 1, users, p=shares[1:] / treated)
    drawn = np.where(rng.random(users) < chances, which, 0)
    people = np.arange(users) + int(rng.integers(10_000, 9_000_000))
    again = rng.permutation(users)[: int(rng.uniform(*TWICE) * users)]
    rows = [(user, arm) for user, arm in enumerate(drawn)] + [(user, drawn[user]) for user in again]
    if kind == "both arms":
        for user in rng.permutation(users)[: int(rng.uniform(*BOTH) * users)]:
            rows.append((user, (drawn[user] + rng.integers(1, len(plan))) % len(plan)))
    rows = [rows[at] for at in rng.permutation(len(rows))]
    order = rng.permutation(len(plan))
    return {
        "shares": {arms[at]: plan[at] for at in order},
        "users": [f"u{people[user]}" for user, _ in rows],
        "arms": [arms[arm] for _, arm in rows],
        "earlier": ["ab"[earlier[user]] for user, _ in rows],
    }


def _launches(rng, kind):
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
