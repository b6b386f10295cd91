"""How many jobs will come: like days, the calendar, and the level of the last hour."""

from collections import deque
from statistics import median

import calendars

TICKS = 144
HOUR = 6
LIKE_DAYS = 5
LOWEST, HIGHEST = 0.7, 2.5
"""Of the level."""


class Forecast:
    def __init__(self, given, weekday):
        self.calendar = given["calendar"]
        self.curves = [curve(given["arrivals"], weekday, day) for day in range(5)]
        self.came, self.expected = deque(maxlen=HOUR), deque(maxlen=HOUR)

    def see(self, tick, arrived):
        """So many jobs came in a tick."""
        self.came.append(arrived)
        self.expected.append(self.by_season(tick))

    def jobs(self, tick):
        """What is to be expected of a tick to come."""
        level = sum(self.came) / max(sum(self.expected), 1) if self.came else 1
        return self.by_season(tick) * min(max(level, LOWEST), HIGHEST)

    def by_season(self, tick):
        """Without the level; ticks are counted from the first of the season."""
        day, at = divmod(tick, TICKS)
        return self.curves[day][at] * calendars.factor(self.calendar, day, at)


def curve(arrivals, weekday, day):
    """Jobs by tick on a day: the median of the last days like it, working days or weekends."""
    like = [old for at, old in enumerate(arrivals) if weekend(weekday + at) == weekend(weekday + day)]
    return [median(ticks) for ticks in zip(*like[-LIKE_DAYS:], strict=True)]


def weekend(day):
    """The arrivals are those of two whole weeks, so their first day is a weekday like the season's first."""
    return day % 7 >= 5
