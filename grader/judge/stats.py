"""Deciding a ratio from counts, at any time.

Let `p` be the ratio of bad events. For a bound `p0` we keep two likelihood-ratio mixtures,

    against "p >= p0" (to pass):  E = avg over q in [0, p0] of  q^B (1-q)^G / (p0^B (1-p0)^G)
    against "p <= p0" (to fail):  E = avg over q in [p0, 1] of  the same,

with B bad and G good events. Each is a non-negative supermartingale of mean at most one while its hypothesis holds
(also when the conditional ratio drifts on that side of p0), so the chance that it *ever* reaches 1/alpha is at most
alpha (Ville's inequality): one may look after every event. This is Robbins' mixture method for Bernoulli observations
(Robbins, "Statistical methods related to the law of the iterated logarithm", Ann. Math. Stat. 41, 1970); see Howard,
Ramdas, McAuliffe and Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences", Ann. Stat. 49, 2021.
It depends on counts only.
"""

from __future__ import annotations

import math
from collections.abc import Callable

# Below this the incomplete beta function has lost its digits. The counts then lie far on the other side of p0, where
# the likelihood only falls away from p0, so the evidence is below 1 and nothing hangs on it.
_TINY = 1e-200


def log_evidence_pass(bad: int, good: int, p0: float) -> float:
    """Natural log of the evidence that the ratio of bad events is below `p0` (0 < p0 < 1)."""
    return _log_mixture(bad, good, p0, upper=False) - math.log(p0)


def log_evidence_fail(bad: int, good: int, p0: float) -> float:
    """Natural log of the evidence that the ratio of bad events is above `p0` (0 < p0 < 1)."""
    return _log_mixture(bad, good, p0, upper=True) - math.log1p(-p0)


def highest(bad: int, good: int, alpha: float) -> float:
    """Upper end of the confidence sequence for the ratio of bad events, at one-sided error `alpha`."""
    if good == 0:
        return 1.0
    return _crossing(lambda p0: log_evidence_pass(bad, good, p0), bad / (bad + good), 1.0, -math.log(alpha))


def lowest(bad: int, good: int, alpha: float) -> float:
    """Lower end of the confidence sequence for the ratio of bad events, at one-sided error `alpha`."""
    if bad == 0:
        return 0.0
    return _crossing(lambda p0: log_evidence_fail(bad, good, p0), bad / (bad + good), 0.0, -math.log(alpha))


def _log_mixture(bad: int, good: int, p0: float, *, upper: bool) -> float:
    from scipy import special

    part = (special.betaincc if upper else special.betainc)(bad + 1, good + 1, p0)
    if part < _TINY:
        return -math.inf
    likelihood = bad * math.log(p0) + good * math.log1p(-p0)
    return float(special.betaln(bad + 1, good + 1)) + math.log(part) - likelihood


def _crossing(evidence: Callable[[float], float], inside: float, outside: float, bound: float) -> float:
    """Between a ratio that is not excluded and the end of the scale, where exclusion begins, to 1e-6."""
    for _ in range(40):
        middle = (inside + outside) / 2
        if evidence(middle) >= bound:
            outside = middle
        else:
            inside = middle
        if abs(outside - inside) < 1e-6:
            break
    return outside
