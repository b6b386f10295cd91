"""How many jobs a pool will get: a profile per kind of day, a trend over days, and what today adds to it.

A forecast is profile x trend x level of the day x launch x surge. The first two come from the history,
the others are corrected with every tick that is over.
"""

import math

import numpy as np

TICKS = 144
GROWTH = (0.0, 0.015)  # a day, as the capacity team knows it
DAY_NOISE = 0.06  # how far a day's level is from the trend: days differ by 5 %, and the trend is not exact
TICK_NOISE = 0.05
LAUNCH_NOISE = 0.06  # "right to a tenth"
SURGE_FROM = 1.3  # half way, in logarithms, to the least shift that was seen
SURGE_SIGMAS = 3.5
SURGE_OVER = 1.2


def is_weekend(weekday):
    return weekday % 7 >= 5


def relative_variance(expected):
    """Of one tick's jobs around what was expected: the noise of ticks, and that of counting."""
    return TICK_NOISE**2 + 1 / max(expected, 1.0)


class Level:
    """A factor that is 1 until observations say otherwise: a mean, weighted by certainty."""

    def __init__(self, noise):
        self.weight = 1 / noise**2
        self.total = self.weight

    def see(self, arrived, expected):
        weight = 1 / relative_variance(expected)
        self.weight += weight
        self.total += weight * arrived / expected

    @property
    def value(self):
        return self.total / self.weight


def trend(days, logs, weekend):
    """Growth a day, and the logarithm of a weekday's and a weekend's jobs at day 0. Least squares."""
    offsets = np.stack([~weekend, weekend], axis=1).astype(float)
    present = offsets.any(axis=0)
    solved = np.linalg.lstsq(np.column_stack([days, offsets[:, present]]), logs, rcond=None)[0]
    growth = float(np.clip(solved[0], *GROWTH))
    rest = logs - growth * days
    return growth, {kind: float(rest[weekend == kind].mean()) for kind in (False, True) if (weekend == kind).any()}


def profile(arrivals, days, growth):
    """Jobs of each tick at day 0's size: the mean of days of one kind, their growth taken out."""
    scaled = arrivals * np.exp(-growth * days)[:, None]
    return np.maximum(scaled.mean(axis=0), 0.1)


class Forecast:
    def __init__(self, weekday, arrivals, calendar):
        arrivals = np.asarray(arrivals, float)
        self.weekday = weekday
        self.days = list(range(-len(arrivals), 0))
        self.logs = [math.log(max(total, 1.0)) for total in arrivals.sum(axis=1)]
        self.launches = {launch["day"]: launch for launch in calendar}
        weekend = self._weekend(self.days)
        days = np.array(self.days, float)
        self.growth, self.offsets = trend(days, np.array(self.logs), weekend)
        self.profiles = {kind: profile(arrivals[weekend == kind], days[weekend == kind], self.growth) for kind in self.offsets}
        self.totals = {kind: float(self.profiles[kind].sum()) for kind in self.profiles}
        self._begin(0)

    def _weekend(self, days):
        return np.array([is_weekend(self.weekday + day) for day in days])

    def _begin(self, day):
        self.day = day
        self.level = Level(DAY_NOISE)
        self.launch = Level(LAUNCH_NOISE)
        self.surge = None
        self.usual = np.concatenate([self._usual(day), self._usual(day + 1)])
        self.times = np.concatenate([self._times(day), self._times(day + 1)])

    def _usual(self, day):
        """A day's jobs by profile and trend alone."""
        kind = is_weekend(self.weekday + day)
        kind = kind if kind in self.profiles else not kind
        return self.profiles[kind] / self.totals[kind] * math.exp(self.offsets[kind] + self.growth * day)

    def _times(self, day):
        """How many times as much a launch brings in each tick of a day; 1 where there is none."""
        times = np.ones(TICKS)
        launch = self.launches.get(day)
        if launch:
            times[launch["tick"] : launch["tick"] + launch["ticks"]] = launch["expected"]
        return times

    def jobs(self, tick, count):
        """Jobs of that many ticks of today, from this one on, and of tomorrow's first ones."""
        usual, times = self.usual[tick : tick + count], self.times[tick : tick + count]
        surge = self.surge.value if self.surge else 1.0
        corrected = usual * self.level.value * np.where(times > 1, times * self.launch.value, surge)
        today = max(0, TICKS - tick)
        corrected[today:] = (usual * times)[today:]
        return corrected

    def see(self, tick, arrived):
        """A tick of today is over."""
        usual, times = float(self.usual[tick]), float(self.times[tick])
        plain = usual * self.level.value
        if times > 1:
            self.launch.see(arrived, plain * times)
            return
        if self._surging(arrived, plain):
            self.surge = self.surge or Level(1.0)
            self.surge.see(arrived, plain)
        else:
            self.surge = None
            self.level.see(arrived, usual)

    def _surging(self, arrived, plain):
        """Whether this tick is part of something that nobody announced."""
        if self.surge:
            return arrived > SURGE_OVER * plain
        return arrived > plain * max(SURGE_FROM, 1 + SURGE_SIGMAS * math.sqrt(relative_variance(plain)))

    def turn(self, day):
        """Another day begins."""
        self._close()
        self._begin(day)

    def _close(self):
        """A day is over: its level, without launches and surges, is one more point of the trend."""
        kind = is_weekend(self.weekday + self.day)
        if kind not in self.offsets:
            return
        self.days.append(self.day)
        self.logs.append(self.offsets[kind] + self.growth * self.day + math.log(self.level.value))
        self.growth, self.offsets = trend(np.array(self.days, float), np.array(self.logs), self._weekend(self.days))
