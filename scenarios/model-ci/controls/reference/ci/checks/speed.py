"""A call with one row takes no longer than the baseline's: the median of calls, each beside one of the baseline's."""

import statistics

from checks.result import Result

CALLS = 40
TIMES = 3


def check(bundle, baseline, samples):
    took = [(baseline.one.seconds([row]), bundle.one.seconds([row])) for row in samples["fresh"]["rows"][1 : CALLS + 1]]
    before, now = map(statistics.median, zip(*took, strict=True))
    return Result("slow", now <= TIMES * before, now, before)
