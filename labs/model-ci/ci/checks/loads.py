"""It loads, and can be asked."""

from checks.result import Result


def check(bundle, baseline, samples):
    there = callable(getattr(bundle.model, "predict", None))
    return Result("load", there, float(there), 1.0)
