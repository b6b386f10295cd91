"""One night: a page of rows after the other is scored and delivered."""

from calls import call
from model import Model
from prepare import prepare
from profiles import lookup


def score_night(night):
    """Score and deliver all rows of a night; how many there were."""
    model, after, delivered = Model(night), "", 0
    while True:
        page = call("lake", "GET", f"/nights/{night}/rows?after={after}", night)
        rows = page["rows"]
        profiles = lookup([row["person"] for row in rows], night)
        scores = model.scores(prepare(rows, profiles))
        deliver(night, rows, scores)
        delivered += len(rows)
        after = page["next"]
        if after is None:
            return delivered


def deliver(night, rows, scores):
    """Hand a page's scores to the printers of letters."""
    named = [{"row": row["row"], "score": score} for row, score in zip(rows, scores, strict=True)]
    call("letters", "POST", f"/nights/{night}/scores", night, {"scores": named})
