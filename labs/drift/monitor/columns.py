"""Whether a column looks different from what it looked like before."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from scipy.stats import chi2_contingency, ks_2samp

SIGNIFICANT = 0.05


def changed(kind: str, before: list[Any], now: list[Any]) -> bool:
    before = [value for value in before if value is not None]
    now = [value for value in now if value is not None]
    if not before or not now:
        return False
    p_value = numbers(before, now) if kind == "number" else words(before, now)
    return p_value < SIGNIFICANT


def numbers(before: list[float], now: list[float]) -> float:
    return float(ks_2samp(before, now, method="asymp").pvalue)


def words(before: list[str], now: list[str]) -> float:
    old, new = Counter(before), Counter(now)
    table = np.array([[old[word], new[word]] for word in old | new])
    return float(chi2_contingency(table).pvalue) if len(table) > 1 else 1.0
