"""It fits into the boxes at the lifts."""

from checks.result import Result

MORE_MB = 20


def check(bundle, baseline, samples):
    now, before = bundle.size / 2**20, baseline.size / 2**20
    return Result("memory", now - before <= MORE_MB, now, before)
