"""What of a kitchen is worth showing: drawn anew each time from what is known of each recipe, so that new ones get
their turn."""

import random

BEFORE = 40  # how often a recipe of the history was probably looked at
HOPE = 3  # clicks of so many looks and one, that a new recipe is given in advance


class Shelves:
    def __init__(self, clicks):
        self._yes, self._no = {}, {}
        for _, recipe in clicks:
            self._yes[recipe] = self._yes.get(recipe, 0) + 1
        for recipe, many in self._yes.items():
            self._no[recipe] = max(1, BEFORE - many)

    def saw(self, recipe, clicked):
        counts = self._yes if clicked else self._no
        counts[recipe] = counts.get(recipe, 0) + 1

    def sorted(self, recipes):
        return sorted(recipes, key=self._drawn, reverse=True)

    def _drawn(self, recipe):
        return random.betavariate(HOPE + self._yes.get(recipe, 0), 1 + self._no.get(recipe, 0))
