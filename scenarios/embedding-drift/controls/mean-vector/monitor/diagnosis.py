"""What is wrong, from a canary."""

REPAIRS = {"model": "rollback", "mixed": "reembed", "index": "rebuild", "topic": "content"}
STRANGE, ALL, SOME, GONE = 0.35, 0.85, 0.12, 0.15


def diagnose(canary):
    """The kind: a pair that no longer resembles itself was embedded by two models."""
    strange = ((canary.queries * canary.stored).sum(1) < STRANGE).mean()
    if strange > ALL:
        return "model"
    if strange > SOME:
        return "mixed"
    if (canary.ranks == 0).mean() > GONE:
        return "index"
    return "topic"
