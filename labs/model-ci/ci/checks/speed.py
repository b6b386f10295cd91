"""A call takes no longer than it did."""

import time

from checks.result import Result

CALLS = 10
TIMES = 3


def mean(model, rows):
    begun = time.perf_counter()
    for _ in range(CALLS):
        model.predict(rows)
    return (time.perf_counter() - begun) / CALLS


def check(bundle, baseline, samples):
    rows = samples["old"]["rows"][:1]
    before, now = mean(baseline.model, rows), mean(bundle.model, rows)
    return Result("slow", now <= TIMES * before, now, before)
