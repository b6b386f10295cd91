"""One depot: its live model, and when it gets another one."""

import fitting
import numpy as np
import outcomes

RETRAIN_EVERY = 28  # days
ALARM = 0.05


class Depot:
    def __init__(self, name, model, history):
        self.name = name
        self.live = np.array([model["intercept"], *model["coef"]], dtype=float)
        self.book = outcomes.Book()
        for day in history:
            self.book.add(outcomes.parse(day))
        self.accuracy = fitting.accuracy(self.live, *self.book.training())
        self.yesterday = self.accuracy

    def day(self, day, news):
        """A day passes. Returns the model to deploy, or None."""
        self.book.add(outcomes.parse(news))
        self.yesterday = self.accuracy
        deployed = self.retrain() if day % RETRAIN_EVERY == 0 and day > 0 else None
        if self.accuracy < self.yesterday - ALARM:
            print(f"ALARM: accuracy of {self.name} fell to {self.accuracy:.3f}", flush=True)
        return deployed

    def retrain(self):
        rows, labels = self.book.training()
        self.live = fitting.fit(rows, labels)
        self.accuracy = fitting.accuracy(self.live, rows, labels)
        return self.live
