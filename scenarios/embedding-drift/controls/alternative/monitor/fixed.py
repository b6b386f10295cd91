"""The fixed set of a collection, against itself when all was well."""

MOVED, MOST, SOME, GONE = 0.8, 0.8, 0.12, 0.15


class Fixed:
    def __init__(self, canary):
        self._well = canary
        self._rank = (canary.ranks > 0).mean()

    def look(self, canary):
        """What is wrong by the fixed set, and what mends it; or None."""
        queries = moved(self._well.queries, canary.queries)
        stored = moved(self._well.stored, canary.stored)
        if queries > MOST and stored > MOST:
            self._well = canary  # both went over together
            return None
        if queries > MOST:
            return "model", "reembed" if stored > SOME else "rollback"
        if stored > SOME:
            return "mixed", "reembed"
        if self._rank - (canary.ranks > 0).mean() > GONE:
            return "index", "rebuild"
        return None


def moved(before, now):
    """The share of vectors that are no longer what they were, but for a hair or a rounding."""
    return ((before * now).sum(1) < MOVED).mean()
