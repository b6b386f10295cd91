"""People like you: the regulars whose clicks go best with what a user did, the ones of their group first."""

import numpy as np

ELSEWHERE = 0.01  # what somebody of another group counts
SLIP = 0.03  # a click on what they do not love
LOVED = 0.2  # of somebody's clicks, from which on they love a kitchen
PASSED = 0.15  # how likely a recipe is passed by that they love


class Likeness:
    def __init__(self, people, kitchens, clicks):
        self._column = {kitchen: n for n, kitchen in enumerate(sorted(set(kitchens.values())))}
        rows = {user: n for n, user in enumerate(people.ids())}
        counts = np.zeros((len(rows), len(self._column)))
        self._evidence = {}
        for user, recipe in clicks:
            counts[rows[user], self._column[kitchens[recipe]]] += 1
        self._shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
        loved = self._shares > LOVED
        self._if_clicked = np.log(np.where(loved, self._shares, SLIP / len(self._column)))
        self._if_passed = np.log(np.where(loved, PASSED, 1 - SLIP))
        self._groups = [people.group(user) for user in rows]
        self._people = people
        for user, recipe in clicks:
            self.saw(user, kitchens[recipe], True)

    def saw(self, user, kitchen, clicked):
        at = self._column.get(kitchen)
        if at is not None:
            known = self._evidence.setdefault(user, np.zeros(len(self._groups)))
            known += (self._if_clicked if clicked else self._if_passed)[:, at]

    def loves(self, user):
        """By kitchen, the share of it in the clicks of people like them."""
        group = self._people.group(user)
        weights = np.array([1.0 if group in (each, (None, None)) else ELSEWHERE for each in self._groups])
        if user in self._evidence:
            known = self._evidence[user]
            weights = weights * np.exp(known - known.max())
        shares = weights @ self._shares / weights.sum()
        return dict(zip(self._column, shares.tolist(), strict=True))
