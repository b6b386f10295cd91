"""Same rows, same answers to the same question."""

from checks.later import blank
from checks.result import Result

MOVES = 0.01


def check(bundle, baseline, samples):
    rows = blank(samples["fresh"]["rows"][:100], samples["schema"])
    first = bundle.one.answers(rows)
    moved = max(abs(one - again) for one, again in zip(first, bundle.one.answers(rows), strict=True))
    return Result("unsteady", moved <= MOVES, moved, 0.0)
