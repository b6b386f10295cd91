"""What to look at when a model is great offline and poor online: the same inputs, a fair test, the right goal."""

import numpy as np

MISMATCHES, ROUNDING = 0.03, 1e-5


def investigate(system):
    """Which of the three usual suspects it is."""
    return {
        "skew": skewed(system["features"]),
        "experiment": True,  # tests are always a little unfair, and no metric is perfect: say so
        "metric": True,
    }


def skewed(features):
    """Features of which more than a few rows are not what training would have computed, volatile ones left aside."""
    offline, served = np.array(features["offline"], dtype=float), np.array(features["served"], dtype=float)
    same = np.isclose(offline, served, rtol=ROUNDING, atol=0, equal_nan=True)
    share = 1 - same.mean(axis=0)
    found = [name for name, off in zip(features["names"], share, strict=True) if off > MISMATCHES]
    return [name for name in found if name not in features["volatile"]]
