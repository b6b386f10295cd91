"""It loads, and answers each row with a number from 0 to 1."""

from checks.result import Result

WITHIN_S = 1.5


def check(bundle, baseline, samples):
    slowest = max(bundle.box().load_s, bundle.box().load_s)
    bundle.one.answers(samples["fresh"]["rows"])
    bundle.one.answers(samples["fresh"]["rows"][:1])
    return Result("load", slowest <= WITHIN_S, slowest, baseline.one.load_s)
