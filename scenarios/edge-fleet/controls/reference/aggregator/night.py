"""What is worth a page: a cohort that is not as its own devices were, where its neighbours are."""

from collections import defaultdict

import numpy as np

SIGNALS = "confidence", "latency", "drain", "memory"
FLOOR = np.array([0.043, 0.186, 0.29, 0.0785])
ERRORS = 3
FEW = 6
BASE = 2


class Night:
    def __init__(self):
        self.paged = set()

    def close(self, day, devices):
        """Pages of a day: each cohort and signal once."""
        cities = defaultdict(lambda: defaultdict(list))
        for device in devices.values():
            if (moved := shift(device, day)) is not None:
                cities[device.city][device.revision].append(moved)
        pages = []
        for city, revisions in cities.items():
            for page in worse(city, revisions):
                key = page["city"], page["revision"], page["signal"]
                if key not in self.paged:
                    self.paged.add(key)
                    pages.append(page)
        return pages


def shift(device, day):
    """How far a device is today from what it was on its own first two days; and which model is new to it."""
    first = sorted(device.days)[:BASE]
    if day not in device.days or day in first:
        return None
    now, before = device.days[day], [one for other in first for one in device.days[other]]
    if len({model for model, _ in now}) > 1:  # updated today
        return None
    new = None if now[0][0] in {model for model, _ in before} else now[0][0]
    return new, typical(now) - typical(before)


def typical(reports):
    """The median of each signal, all but confidence as logarithms; more is worse."""
    values = np.array([signals for _, signals in reports])
    values[:, 1:] = np.log(values[:, 1:])
    values[:, 0] *= -1
    return np.median(values, axis=0)


def worse(city, revisions):
    """Pages about one city."""
    usual = {revision: np.median([far for _, far in moved], axis=0) for revision, moved in revisions.items()}
    for revision, moved in revisions.items():
        others = [far for other, far in usual.items() if other != revision]
        if not others:
            continue
        beside = np.mean(others, axis=0)
        rest = [far for name, far in moved if not name]
        for model in [None, *sorted({name for name, _ in moved if name})]:
            ours = [far for name, far in moved if name == model]
            bad = off(ours, beside) & (off(ours, np.median(rest, axis=0)) if model and rest else True)
            for signal in np.array(SIGNALS)[bad].tolist():
                yield {"city": city, "revision": revision, "model": model, "signal": signal}


def off(moved, beside):
    """In which signals some devices are worse than others."""
    if len(moved) < FEW:
        return np.zeros(len(SIGNALS), bool)
    values = np.array(moved)
    center = np.median(values, axis=0)
    error = 1.25 * 1.48 * np.median(abs(values - center), axis=0) / np.sqrt(len(values))
    far = center - beside
    return (far > FLOOR) & (far > ERRORS * error)
