"""What is worth a page at night: a cohort that got worse, once, by a CUSUM of its excess over the city."""

from datetime import datetime

import excess
import numpy as np
import worse

DRIFT = 0.55  # of the least trend, a slot: what moves a cohort by itself stays below
STEP = 0.30  # what one slot can say at most, so that it takes two
ALARM = 0.50


class Night:
    def __init__(self):
        self.cities = {}
        self.first = None
        self.paged = {}  # by city and revision: the day's number and the page

    def look(self, report):
        self.cities.setdefault(report["city"], excess.City()).add(report)

    def close(self, day):
        """Pages, of cohorts that were not paged, or paged yesterday when less was known."""
        midnight = int(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()) // excess.SLOT
        if self.first is None:
            self.first = midnight
        slots = midnight + excess.DAY - self.first
        if slots <= excess.USUAL:
            return []
        pages = []
        for name, city in self.cities.items():
            for revision, (old, new) in city.excess(self.first, slots).items():
                page = self.page(name, city, revision, old, new)
                if page and self.says_more(page, slots):
                    self.paged.setdefault((name, revision), []).append((slots, page))
                    pages.append(page)
        return pages

    def page(self, name, city, revision, old, new):
        """About the signal that got worst, if one did."""
        (by_old, since_old), (by_new, since_new) = cusum(old), cusum(new)
        signal = int(np.argmax(np.maximum(by_old, by_new)))
        if max(by_old[signal], by_new[signal]) <= ALARM:
            return None
        since = since_old[signal] if by_old[signal] > ALARM else since_new[signal]
        is_model = by_new[signal] > ALARM and steps(old[signal, since:]).sum() <= 0
        model = newest(city) if is_model else None
        return {"city": name, "revision": revision, "model": model, "signal": worse.SIGNALS[signal]}

    def says_more(self, page, slots):
        before = self.paged.get((page["city"], page["revision"]), [])
        if not before:
            return True
        when, said = before[0]
        return len(before) == 1 and slots - when == excess.DAY and page != said and page["signal"] == said["signal"]


def newest(city):
    """The model that most cameras were seen with, of those that were rolled out."""
    models = [model for _, _, model, _ in city.cells if model in city.new]
    return max(set(models), key=models.count, default=None)


def steps(moved):
    """What each slot says for a trend, or against it; nothing where too few reported."""
    return np.nan_to_num(np.minimum(moved - DRIFT, STEP))


def cusum(moved):
    """Of each signal: Page's sum at the end, and the slot it last rose from zero."""
    total, since = np.zeros(len(moved)), np.zeros(len(moved), int)
    for slot, step in enumerate(steps(moved).T):
        since[total <= 0] = slot
        total = np.maximum(total + step, 0)
    return total, since
