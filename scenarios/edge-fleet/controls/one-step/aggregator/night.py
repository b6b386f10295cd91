"""What is worth a page at night: a cohort that gets worse, once it is sure, and by when it must be said."""

import watch

ENOUGH = 0.6  # of the least step: a cohort may move by a quarter of it by itself, and so may those beside it
CERTAIN = 40.0  # the gain of an explanation over nothing
SURE = 15.0  # and over the other cause; without it we wait for the next day, if there is one
DAY = 24  # hours; by then a page may be corrected


class Night:
    def __init__(self):
        self.paged = {}  # (city, revision) -> its last page, and the first night of it

    def close(self, cities, end):
        """The pages of a day that ended then."""
        return [page for name, city in cities.items() for page in self.look(name, city.reports, end)]

    def look(self, city, reports, end):
        table = watch.Table(reports, end)
        for revision in sorted(set(table.revision.tolist())):
            paged, first = self.paged.get((city, revision), (None, end))
            if end - first > DAY:
                continue  # settled: it got worse, is known to have, and has been corrected if need was
            step = worst(watch.steps(table, revision, end), end - DAY)
            page = step and {"city": city, "revision": revision, "model": step.model, "signal": step.signal}
            if page and page != paged:
                self.paged[city, revision] = page, first
                yield page


def worst(signals, today):
    """The step of a cohort to page, if any: it gets worse in one signal at a time."""
    best = None
    for step, *others in filter(None, signals):
        clear = all(step.gain - other.gain >= SURE for other in others)
        if step.size >= ENOUGH and step.gain >= CERTAIN and (clear or step.since < today):
            best = max(best, step, key=lambda one: one.gain) if best else step
    return best
