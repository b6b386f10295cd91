"""The accuracy that is told: decisions that were really made, held against what was really needed."""

import numpy as np

DAYS = 14
BELIEVED = 0.1  # of days with worse labels only audited call-outs count


class Dashboard:
    def __init__(self, model):
        self.lives = [(-10_000, model)]  # since which day, which model
        self.days = []  # (call-outs, share that was decided rightly), newest last
        self.accuracy = 0.5

    def deployed(self, day, model):
        self.lives.append((day, model))

    def add(self, news):
        share = self.share(news)
        self.days = [*self.days, (len(news.rows), share)][-DAYS:]
        known = [(weight, share) for weight, share in self.days if share is not None]
        if known:
            self.accuracy = sum(weight * share for weight, share in known) / sum(weight for weight, _ in known)
        return min(max(self.accuracy, 0.0), 1.0)

    def share(self, news):
        """The share of right decisions of a day, as if no label were wrong; None if nothing is known of it."""
        usable = news.error < BELIEVED
        if not usable.any():
            return None
        model = next(model for since, model in reversed(self.lives) if since <= news.day)
        right = ((news.rows @ model > 0) == (news.needed > 0.5))[usable]
        error = news.error[usable]
        return float(np.mean((right - error) / (1 - 2 * error)))
