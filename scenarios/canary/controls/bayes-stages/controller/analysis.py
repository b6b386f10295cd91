"""How sure are we that v2 is worse than may be? Beta posteriors, by signal, for all parcels and for each carrier.

For whole parameters, P(Beta(a, b) > x) = P(Binomial(a + b - 1, x) <= a - 1): no library is needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from metrics import Counts, Page
from settings import Policy

ALL = "all carriers"


def exceeds(bad: float, total: float, limit: float, prior_good: int) -> float:
    """P(rate > limit) after `bad` of `total`, from a prior of Beta(1, prior_good)."""
    bad = max(0, round(bad))
    n, k = bad + prior_good + max(0, round(total) - bad), bad
    if k >= n:
        return 1.0
    x, y = math.log(limit), math.log1p(-limit)
    terms = (math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * x + (n - i) * y for i in range(k + 1))
    return min(1.0, sum(math.exp(term) for term in terms))


@dataclass(frozen=True)
class Doubt:
    """The strongest suspicion there is."""

    sure: float
    what: str
    bad: float
    total: float

    def __str__(self) -> str:
        return f"{self.what}: {self.bad:.0f} of {self.total:.0f} (p={self.sure:.3f})"


class Limits:
    """What may be, from the policy and from how v1 does."""

    def __init__(self, policy: Policy, v1_life: Page, v1_lately: Page) -> None:
        self._policy, self._life = policy, v1_life
        lately, life = v1_lately.total(), v1_life.total()
        self.error = min(0.5, max(policy.error_limit, 2 * (lately.errors + 0.4) / (lately.parcels + 200)))
        self.slow = min(0.5, max(policy.slow_limit, 2 * (lately.slow + 0.4) / (lately.timed + 200)))
        self.v1_wrong = max(0.0, (life.wrong + 8) / (life.marks + 200))

    def wrong(self, carrier: str) -> float:
        if carrier == ALL:
            return min(0.6, self.v1_wrong + self._policy.wrong_margin)
        seen = self._life.carriers.get(carrier, Counts())
        v1 = (seen.wrong + 30 * self.v1_wrong) / (seen.marks + 30)
        return min(0.7, v1 + self._policy.carrier_wrong_margin)


def doubts(policy: Policy, limits: Limits, seen: dict[str, Counts]) -> list[Doubt]:
    """One for each signal and scope that has enough bad cases to talk about."""
    found = []
    for scope, counts in seen.items():
        least = policy.min_bad_pooled if scope == ALL else policy.min_bad_carrier
        for what, bad, total, limit, prior_good in (
            ("errors", counts.errors, counts.parcels, limits.error, 10),
            ("slow", counts.slow, counts.timed, limits.slow, 10),
            ("wrong digits", counts.wrong, counts.marks, limits.wrong(scope), 9 if scope == ALL else 6),
        ):
            if bad >= least:
                found.append(Doubt(exceeds(bad, total, limit, prior_good), f"{what}, {scope}", bad, total))
    return found
