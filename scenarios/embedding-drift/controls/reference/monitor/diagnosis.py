"""What is wrong, from a canary and the day's searches."""

REPAIRS = {"model": "rollback", "mixed": "reembed", "index": "rebuild", "topic": "content"}
STRANGE, ALL, SOME, GONE = 0.35, 0.85, 0.12, 0.15
FEW, ALIKE, OPENED = 12, 0.24, 0.4


def diagnose(canary, day, watch):
    """The kind, or None: a pair that no longer resembles itself was embedded by two models."""
    strange = ((canary.queries * canary.stored).sum(1) < STRANGE).mean()
    if strange > ALL:
        return "model"
    if strange > SOME:
        return "mixed"
    if (canary.ranks == 0).mean() > GONE:
        return "index"
    poor = day.similarities[:, 0] < watch.poor()
    if poor.sum() >= FEW and alike(day.queries[poor]) > ALIKE and (day.opened[poor] > 0).mean() < OPENED:
        return "topic"
    return None


def alike(vectors):
    """The mean similarity of vectors among each other."""
    count = len(vectors)
    return ((vectors @ vectors.T).sum() - count) / (count * (count - 1))
