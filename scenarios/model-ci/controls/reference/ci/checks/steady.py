"""Same rows, same answers: again, after another load, in another order, alone."""

from checks.later import blank
from checks.result import Result

MOVES = 0.01
ALONE = 10


def check(bundle, baseline, samples):
    rows = blank(samples["fresh"]["rows"][:100], samples["schema"])
    first = bundle.one.answers(rows)
    others = [
        bundle.one.answers(rows),
        bundle.other.answers(rows),
        bundle.one.answers(rows[::-1])[::-1],
        [bundle.one.answers([row])[0] for row in rows[:ALONE]],
    ]
    moved = max(abs(one - again) for other in others for one, again in zip(first, other, strict=False))
    return Result("unsteady", moved <= MOVES, moved, 0.0)
