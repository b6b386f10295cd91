"""Which kitchens somebody loves: a belief over sets of kitchens.

It begins with what the regulars of the same region and household love, and moves with each recipe that somebody
clicked or passed over.
"""

from collections import Counter, defaultdict
from itertools import combinations

import numpy as np

LIKES = 0.93  # of a loved kitchen's recipes ("nearly all")
STRAY = 0.02  # of other kitchens' ("hardly any")
CLICKED = np.log(LIKES / STRAY)
PASSED = np.log((1 - LIKES) / (1 - STRAY))
SURE = 2  # clicks in a kitchen for a regular to count as a lover of it
DOUBT = 10  # how many regulars the smoothed guess of a group weighs as


class Tastes:
    def __init__(self, kitchens, users, clicks):
        """kitchens: names; users: id -> (region, household); clicks: [user, kitchen]."""
        self.kitchens = sorted(kitchens)
        self.column = {kitchen: n for n, kitchen in enumerate(self.kitchens)}
        counts = defaultdict(Counter)
        for user, kitchen in clicks:
            counts[user][self.column[kitchen]] += 1
        loved = {user: frozenset(k for k, n in c.items() if n >= SURE) for user, c in counts.items()}
        pairs = {frozenset(pair) for pair in combinations(range(len(self.kitchens)), 2)}
        self.sets = sorted(pairs | set(loved.values()) - {frozenset()}, key=sorted)
        self.has = np.zeros((len(self.sets), len(self.kitchens)))
        for n, one in enumerate(self.sets):
            self.has[n, list(one)] = 1
        place = {one: n for n, one in enumerate(self.sets)}
        group, everybody = defaultdict(lambda: np.zeros(len(self.sets))), np.zeros(len(self.sets))
        for user, one in loved.items():
            if one:
                everybody[place[one]] += 1
                group[users[user]][place[one]] += 1
        self._everybody = self._smooth(everybody, np.full(len(self.kitchens), 1 / len(self.kitchens)))
        self._group = {name: self._smooth(seen, self._everybody @ self.has) for name, seen in group.items()}

    def _smooth(self, seen, before):
        """Log chances of the sets: as counted, and DOUBT more with each kitchen taken for itself."""
        each = (seen @ self.has + DOUBT * before) / (seen.sum() + DOUBT)
        apart = np.exp(self.has @ np.log(each + 1e-6))
        chances = seen + DOUBT * apart / apart.sum()
        chances /= chances.sum()
        return chances

    def belief(self, group, evidence):
        """Chance of each set, for somebody of this group (None: a guest) and these log odds of kitchens."""
        logs = np.log(self._group.get(group, self._everybody)) + self.has @ evidence
        chances = np.exp(logs - logs.max())
        return chances / chances.sum()
