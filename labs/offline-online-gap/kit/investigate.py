"""What to look at when a model is great offline and poor online."""

import numpy as np
from scipy.stats import ttest_ind

SURE = 0.05


def investigate(system):
    """Which of the three usual suspects it is."""
    return {
        "skew": skewed(system["features"]),
        "experiment": unfair(system["experiment"]),
        "metric": useless(system["launches"]),
    }


def skewed(features):
    """Features whose mean in serving is another than offline."""
    offline = np.array(features["offline"], dtype=float)
    served = np.array(features["served"], dtype=float)
    found = []
    for at, name in enumerate(features["names"]):
        if ttest_ind(offline[:, at], served[:, at], nan_policy="omit").pvalue < SURE:
            found.append(name)
    return found


def unfair(experiment):
    """Whether an arm is missing."""
    return set(experiment["arms"]) != set(experiment["shares"])


def useless(launches):
    """Whether the offline metric does not go up when we launch something."""
    return bool(np.mean([launch["offline"] for launch in launches]) <= 0)
