"""Users, and what they said when they signed up."""


class People:
    def __init__(self):
        self._known = {}

    def add(self, user, region, household):
        self._known[user] = (region, household)

    def group(self, user):
        """Region and household; (None, None) for a guest."""
        return self._known[user]

    def is_guest(self, user):
        return self._known.get(user) == (None, None)

    def ids(self):
        return list(self._known)

    def clear(self):
        self._known.clear()
