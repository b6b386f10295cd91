"""Which model decided on which day, and how often it was right."""

import fitting

WINDOW = 14  # days with outcomes


class Decisions:
    def __init__(self, first_model):
        self._models = {None: first_model}

    def goes_live(self, day, model):
        self._models[day] = model

    def accuracy(self, days):
        """Of the decisions on the last of these days, each by the model that was live then."""
        right = [fitting.decide(self._of(day.day), day.rows) == day.labels for day in days[-WINDOW:]]
        return float(sum(map(sum, right)) / sum(map(len, right)))

    def _of(self, day):
        begun = [began for began in self._models if began is not None and began <= day]
        return self._models[max(begun, default=None)]
