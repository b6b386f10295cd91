"""What a user loves, by kitchen: what their group clicks is where we begin, and what they do is what we learn from."""

from collections import Counter, defaultdict

PRIOR = 1.0  # what is known of a group weighs as much as so many recipes that were looked at
MOST_CLICKS = 2  # of a list: whoever clicked so often may not have read on


class Tastes:
    def __init__(self, people, catalogue, clicks):
        self._people, self._catalogue = people, catalogue
        self._yes, self._no = defaultdict(Counter), defaultdict(Counter)
        self._of_group, self._of_all = defaultdict(Counter), Counter()
        self._shown = {}
        for user, recipe in clicks:
            kitchen = catalogue.kitchen(recipe)
            self._yes[user][kitchen] += 1
            self._of_group[people.group(user)][kitchen] += 1
            self._of_all[kitchen] += 1

    def shown(self, user, recipes):
        """They are looking at this list now; of the one before they clicked nothing, unless they said so."""
        self._read(user, self._shown.pop(user, []), set())
        self._shown[user] = recipes

    def clicked(self, user, recipes):
        shown, clicked = self._shown.pop(user, []), set(recipes)
        if len(clicked) >= MOST_CLICKS:
            last = max((n for n, recipe in enumerate(shown) if recipe in clicked), default=-1)
            shown = shown[: last + 1]
        self._read(user, [recipe for recipe in shown if recipe not in clicked], clicked)

    def _read(self, user, passed, clicked):
        self._no[user].update(self._catalogue.kitchen(recipe) for recipe in passed)
        self._yes[user].update(self._catalogue.kitchen(recipe) for recipe in clicked)

    def of(self, user):
        """By kitchen, how likely they are to click a recipe of it."""
        group = self._of_group.get(self._people.group(user)) or self._of_all
        every, yes, no = group.total(), self._yes[user], self._no[user]
        return {
            kitchen: (PRIOR * group[kitchen] / every + yes[kitchen]) / (PRIOR + yes[kitchen] + no[kitchen])
            for kitchen in self._of_all
        }
