"""Ways to judge one objective over many simulated exams at once, for `benchmarks.dependence`.

A verdict array holds +1 for pass, -1 for fail and 0 for undecided, an entry an exam. `late` and `seen` are counts a
look (exams x looks): of the bad requests and of all requests that were answered by then; the last look sees all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from grader.judge.decide import Counts, Errors, decide
from grader.judge.stats import log_evidence_fail, log_evidence_pass
from grader.result import Verdict

Verdicts: TypeAlias = npt.NDArray[np.int8]
Grid: TypeAlias = npt.NDArray[Any]


def limits(total: int, target: float, errors: Errors) -> tuple[int, int]:
    """The most bad events that pass and the least that fail, of `total`; -1 and total + 1 where none do."""
    verdicts = [decide(Counts(total - bad, total, 0), target, errors) for bad in range(total + 1)]
    passing = [bad for bad, verdict in enumerate(verdicts) if verdict is Verdict.PASS]
    failing = [bad for bad, verdict in enumerate(verdicts) if verdict is Verdict.FAIL]
    return max(passing, default=-1), min(failing, default=total + 1)


def curtailed(late: Grid, seen: Grid, target: float, errors: Errors) -> Verdicts:
    """The judge as it is: `decide` at every look with what is still to come; the first verdict stands.

    `decide` hangs on the bad events (to fail) and on those that are bad or to come (to pass) of a fixed total, so
    `limits` of that total say all that it says.
    """
    total = int(seen[0, -1])
    most, least = limits(total, target, errors)
    return _first(total - (seen - late) <= most, late >= least)


def peeking(late: Grid, seen: Grid, target: float, errors: Errors) -> Verdicts:
    """A fixed-sample Clopper-Pearson bound on what was seen so far, looked at again and again."""
    from scipy.stats import binom

    p0 = 1 - target
    sizes = np.arange(int(seen.max()) + 1)
    most = np.asarray(binom.ppf(errors.wrong_pass, sizes, p0))
    most = np.where(binom.cdf(most, sizes, p0) <= errors.wrong_pass, most, most - 1)
    least = np.asarray(binom.isf(errors.wrong_fail, sizes, p0)) + 1
    some = seen > 0
    return _first(some & (late <= most[seen]), some & (late >= least[seen]))


def once(late: Grid, seen: Grid, target: float, errors: Errors) -> Verdicts:
    """The same bound, looked at once, at the end."""
    return peeking(late[:, -1:], seen[:, -1:], target, errors)


def by_blocks(shares: Grid, target: float, errors: Errors) -> Verdicts:
    """Whole blocks as the unit: their bad shares (exams x blocks) as bounded observations, looked at after each.

    The capital of bets on the mean, averaged over stakes: Waudby-Smith and Ramdas, "Estimating means of bounded random
    variables by betting", J. R. Stat. Soc. B 86, 2024. It needs no independence within a block.
    """
    p0 = 1 - target
    stakes = (np.arange(20) + 0.5)[:, None, None] / 20
    below = np.cumprod(1 - stakes / (1 - p0) * (shares - p0), axis=2).mean(axis=0)
    above = np.cumprod(1 + stakes / p0 * (shares - p0), axis=2).mean(axis=0)
    return _first(below >= 1 / errors.wrong_pass, above >= 1 / errors.wrong_fail)


def deflated(shares: Grid, total: int, target: float, errors: Errors) -> Verdicts:
    """Ours at the end, on counts divided by the design effect that the exam's own blocks show (at least 1)."""
    ratio = shares.mean(axis=1)
    spread = shares.var(axis=1, ddof=1) * total / shares.shape[1]
    effect = np.maximum(1, spread / np.maximum(ratio * (1 - ratio), 1e-9))
    bad, good = ratio * total / effect, (1 - ratio) * total / effect
    pass_, fail = (_evidence(f, bad, good, 1 - target) for f in (log_evidence_pass, log_evidence_fail))
    return _first((pass_ >= -np.log(errors.wrong_pass))[:, None], (fail >= -np.log(errors.wrong_fail))[:, None])


def _evidence(of: Callable[[Any, Any, float], float], bad: Grid, good: Grid, p0: float) -> Grid:
    return np.array([of(b, g, p0) for b, g in zip(bad.tolist(), good.tolist(), strict=True)])


def _first(passes: Grid, fails: Grid) -> Verdicts:
    """The first look that decides; where both would, it fails."""
    verdicts = np.where(fails, -1, np.where(passes, 1, 0))
    decided = (verdicts != 0).argmax(axis=1)
    return np.take_along_axis(verdicts, decided[:, None], axis=1)[:, 0].astype(np.int8)
