"""How many jobs are to be expected of each pool, and how wrong that has been. A row a pool in all arrays."""

import numpy as np

TICKS = 144
KEEP = 0.8
"""Of the level, from one tick to the next."""

SURE = 0.95


class Demand:
    def __init__(self, pools):
        past = np.array([given["arrivals"] for given in pools], dtype=float)
        self.weekday = np.array([given["weekday"] for given in pools])
        free = np.stack([self.is_free(day) for day in range(-past.shape[1], 0)], axis=1)
        like = [days[:, :, None] for days in (~free, free)]
        self.shapes = [np.maximum(past.mean(axis=1, where=days), 1) for days in like]
        self.factors = np.array([factors(given["calendar"]) for given in pools])
        self.ahead = np.array([given["warm_up"] for given in pools])
        self.level = past[:, -1].sum(axis=1) / self.shape(-1).sum(axis=1)
        self.spare = self.learn(past)

    def is_free(self, day):
        return (self.weekday + day) % 7 >= 5

    def shape(self, day):
        return np.where(self.is_free(day)[:, None], self.shapes[1], self.shapes[0])

    def expected(self, at):
        """Jobs of a tick, but for the level; `at` has a tick a pool, counted from the first live one."""
        days, ticks = np.divmod(at, TICKS)
        rows = np.arange(len(at))
        work, free = (shape[rows, ticks] for shape in self.shapes)
        shapes = np.where(self.is_free(days), free, work)
        return shapes * self.factors[rows, np.clip(at, 0, None)]

    def learn(self, past):
        """Of forecasts of the past, the factor that nineteen in twenty stayed below."""
        count, days, _ = past.shape
        flat = past.reshape(count, -1)
        shapes = np.concatenate([self.shape(day - days) for day in range(days)], axis=1)
        level, errors = np.ones(count), []
        rows = np.arange(count)
        for at in range(flat.shape[1] - self.ahead.max()):
            level = follow(level, flat[:, at], shapes[:, at])
            then = at + self.ahead
            errors.append(flat[rows, then] / (level * shapes[rows, then]))
        return np.quantile(errors[TICKS:], SURE, axis=0)

    def see(self, at, arrived):
        """What came in the tick before `at`."""
        before = np.full(len(arrived), at - 1)
        self.level = follow(self.level, arrived, self.expected(before))

    def high(self, at):
        """What is hardly exceeded when workers that are ordered now are warm."""
        return self.level * self.expected(at + self.ahead) * self.spare


def follow(level, came, expected):
    """The level, a little nearer to what came."""
    return KEEP * level + (1 - KEEP) * came / expected


def factors(calendar):
    """Of each live tick, what is announced; two days more than are lived."""
    found = np.ones(6 * TICKS)
    for launch in calendar:
        begin = TICKS * launch["day"] + launch["tick"]
        found[begin : begin + launch["ticks"]] = launch["expected"]
    return found
