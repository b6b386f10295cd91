"""A call takes no longer than the baseline's: the mean of ten, since a single one is too short to be measured well."""

import statistics

from checks.result import Result

CALLS = 10
TIMES = 3


def check(bundle, baseline, samples):
    rows = samples["fresh"]["rows"][:20]
    took = [(baseline.one.seconds(rows), bundle.one.seconds(rows)) for _ in range(CALLS + 1)][1:]
    before, now = map(statistics.fmean, zip(*took, strict=True))
    return Result("slow", now <= max(TIMES * before, 0.010), now, before)
