"""Whether the model is another: fifty fixed queries, embedded today, against the same from the beginning."""

SAME = 0.99


class Yardstick:
    def __init__(self, search, names):
        self._search = search
        self._first = {name: search.canary(name).queries for name in names}

    def moved(self, name):
        """Costs a canary."""
        today = self._search.canary(name).queries
        return (today * self._first[name]).sum(1).mean() < SAME
