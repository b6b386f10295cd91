"""What will come to a pool: what the same kind of day brought so far, and a percentile of how far days were from that."""

import numpy as np

TICKS = 144
DAYS_SEEN = 14
SATURDAY = 5
PERCENTILE = 95  # of what was seen at that time of day: what we plan for
NEAR = 2  # ticks before and after that count as the same time of day
MOST_GROWTH = 0.015  # a day; nobody has grown faster
LAUNCH_MARGIN = 1.05  # calendars are right to a tenth


class Forecast:
    """Of one pool, for the whole season: `expected` and `margin`, tick by tick."""

    def __init__(self, given, days=4):
        seen = np.array(given["arrivals"], float)
        kinds = [(given["weekday"] + day) % 7 >= SATURDAY for day in range(-DAYS_SEEN, days)]
        past = np.array(kinds[:DAYS_SEEN])
        # how a day's total has grown, from days compared with those of their kind
        totals = np.log(seen.sum(1))
        for kind in set(past):
            totals[past == kind] -= totals[past == kind].mean()
        at = np.arange(DAYS_SEEN)
        centred = at - np.where(past, at[past].mean(), at[~past].mean())
        growth = float(np.clip((centred * totals).sum() / (centred**2).sum(), 0, MOST_GROWTH))
        expected, margin = [], []
        for day, kind in enumerate(kinds[DAYS_SEEN:], DAYS_SEEN):
            alike = seen[past == kind] * np.exp(growth * (day - at[past == kind]))[:, None]
            usual = alike.mean(0)
            expected.append(usual)
            margin.append(_percentile(alike / usual))
        self.expected = np.concatenate(expected)
        self.margin = np.concatenate(margin)
        for launch in given["calendar"]:
            begin = launch["day"] * TICKS + launch["tick"]
            on = slice(begin, begin + launch["ticks"])
            self.expected[on] *= launch["expected"]
            self.margin[on] *= LAUNCH_MARGIN


def _percentile(ratios):
    """For each tick, of all days' ratios near it."""
    near = np.concatenate([np.roll(ratios, by, axis=1) for by in range(-NEAR, NEAR + 1)])
    return np.maximum(1.0, np.percentile(near, PERCENTILE, axis=0))
