"""It uses nothing that is not known yet: its answers stay where they are when that is blank."""

from checks.later import blank
from checks.result import Result

MOVES = 0.01


def check(bundle, baseline, samples):
    rows = samples["fresh"]["rows"][:200]
    answers, blanked = bundle.one.answers(rows), bundle.one.answers(blank(rows, samples["schema"]))
    moved = max(abs(one - other) for one, other in zip(answers, blanked, strict=True))
    return Result("leak", moved <= MOVES, moved, 0.0)
