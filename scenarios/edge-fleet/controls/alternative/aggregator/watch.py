"""Ranks: are the devices of a revision worse off than all others of their city, each against its own beginning?"""

import numpy as np
from scipy.stats import mannwhitneyu

DAY = """
SELECT city, revision, device, max(model), min(model),
       avg(-confidence), avg(latency_log), avg(drain_log), avg(memory_log)
FROM reports WHERE day = ? AND event IS NOT 'updated' AND event IS NOT 'boot' GROUP BY city, revision, device
"""
SIGNALS = "confidence", "latency", "drain", "memory"
LEAST = 0.04, 0.17, 0.26, 0.07
SURE, LIKELY = 1e-3, 0.02
FEW = 6


class Watch:
    def __init__(self, table):
        self.table = table
        self.first = {}
        self.models = {}
        self.pages = {}

    def close(self, day):
        """Compare today with each device's first day or two."""
        cities = {}
        for city, revision, device, model, other, *signals in self.table.execute(DAY, (day,)):
            days = self.first.setdefault(device, [])
            signals = np.array(signals)
            if len(days) < 2:
                days.append(signals)
                self.models.setdefault(device, model)
            elif model == other:
                new = model if model != self.models[device] else None
                moved = signals - np.mean(days, axis=0)
                cities.setdefault(city, {}).setdefault((revision, new), []).append(moved)
        found = [page for city, groups in cities.items() for page in self.judge(city, groups)]
        return [page for page in found if self.fresh(page)]

    def judge(self, city, groups):
        """All revisions of a city; a model is to blame if the rest of its revision is as it was."""
        for revision in {revision for revision, _ in groups}:
            beside = np.concatenate([moved for (other, _), moved in groups.items() if other != revision])
            rest = groups.get((revision, None), [])
            for at, signal in enumerate(SIGNALS):
                if worse(rest, beside, at):
                    yield {"city": city, "revision": revision, "model": None, "signal": signal}
                    continue
                for (name, model), moved in groups.items():
                    if name == revision and model and worse(moved, beside, at) and worse(moved, rest, at, LIKELY):
                        yield {"city": city, "revision": revision, "model": model, "signal": signal}

    def fresh(self, page):
        """Once; and once more if somebody else is to blame."""
        key = page["city"], page["revision"], page["signal"]
        known = self.pages.setdefault(key, [])
        if len(known) == 2 or page["model"] in known:
            return False
        known.append(page["model"])
        return True


def worse(ours, others, at, sure=SURE):
    """By so much, and hardly by chance."""
    if len(ours) < FEW or len(others) < FEW:
        return False
    one, other = np.array(ours)[:, at], np.array(others)[:, at]
    if np.median(one) - np.median(other) < LEAST[at]:
        return False
    return mannwhitneyu(one, other, alternative="greater").pvalue < sure
