"""It fits into the boxes at the lifts."""

from checks.result import Result

MORE_MB = 20


def check(bundle, baseline, samples):
    now, before = (sum(path.stat().st_size for path in one.folder.iterdir()) / 2**20 for one in (bundle, baseline))
    return Result("memory", now - before <= MORE_MB, now, before)
