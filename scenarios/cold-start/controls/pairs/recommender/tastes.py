"""Which kitchens somebody loves: a chance for each pair of kitchens.

What is known before the first click comes from the regulars. Each of them loves two kitchens. One goes with the group
(region and household), the other is anybody's. Which of the two it is nobody says, so both shares are fitted (EM).
What somebody clicked, or read and did not click, then weighs each pair up or down (Bayes).
"""

import collections

import numpy as np

LIKES = 0.93  # of the recipes of a kitchen that they love
STRAYS = 0.02  # of all others
YES = np.log(LIKES / STRAYS)
NO = np.log((1 - LIKES) / (1 - STRAYS))
ROUNDS = 15
DOUBT = 0.05  # regulars' worth that each kitchen has in each group before anybody is counted


class Tastes:
    def __init__(self, kitchens, regulars):
        """`regulars`: a list of (group, clicks of each kitchen)."""
        self.index = {kitchen: n for n, kitchen in enumerate(kitchens)}
        self.kitchens = list(kitchens)
        self.one, self.two = np.triu_indices(len(kitchens), 1)
        pairs = np.arange(len(self.one))
        self.loved = np.zeros((len(kitchens), len(pairs)))  # kitchen x pair: is it one of the two?
        self.loved[self.one, pairs] = self.loved[self.two, pairs] = 1
        self._fit(regulars)

    def _fit(self, regulars):
        of_group = collections.defaultdict(list)
        for group, clicks in regulars:
            two = [self.index[kitchen] for kitchen, _ in collections.Counter(clicks).most_common(2)]
            if len(two) == 2:
                of_group[group].append(two)
        size = len(self.kitchens)
        anybody = np.full(size, 1 / max(1, size))
        local = {group: anybody for group in of_group}
        for _ in range(ROUNDS):
            rest = np.full(size, DOUBT)
            for group, pairs in of_group.items():
                one, two = np.array(pairs).T
                first = local[group][one] * anybody[two]
                second = local[group][two] * anybody[one]
                # At first both are as likely. What most of the group share then gains, round by round.
                is_one = first / (first + second)
                counts = np.full(size, DOUBT)
                np.add.at(counts, one, is_one)
                np.add.at(counts, two, 1 - is_one)
                np.add.at(rest, one, 1 - is_one)
                np.add.at(rest, two, is_one)
                local[group] = counts / counts.sum()
            anybody = rest / rest.sum()
        self._prior = {group: self._chances(share, anybody) for group, share in local.items()}
        self._guest = np.ones(len(self.one)) / max(1, len(self.one))
        if of_group:
            weights = [len(of_group[group]) for group in self._prior]
            self._guest = np.average(list(self._prior.values()), axis=0, weights=weights)

    def _chances(self, local, anybody):
        chances = local[self.one] * anybody[self.two] + local[self.two] * anybody[self.one]
        return chances / chances.sum()

    def pairs(self, group, evidence):
        """The chance of each pair, for somebody of a group (or of none that is known), with evidence per kitchen."""
        logs = np.log(self._prior.get(group, self._guest))
        for kitchen, weight in evidence.items():
            if kitchen in self.index:
                logs = logs + weight * self.loved[self.index[kitchen]]
        chances = np.exp(logs - logs.max())
        return chances / chances.sum()
