"""Which cohorts get worse: a city's cameras of one revision, beside the rest of the city.

A camera is compared with itself, so one that was never better says nothing; a cohort with the city's other
revisions hour by hour, so weather says nothing; and a camera far from all others weighs no more than one that is a
little off, so a broken one says little. What is left is explained in one of three ways: nothing happened, all got
worse at some moment, or each did with a new model. What is worth a page is for `night`.
"""

from dataclasses import dataclass

import numpy as np

# The least step worth a page, in the units of `Table.worse`: minus confidence, and the logarithm of the others.
LEAST = {"confidence": 0.085, "latency": np.log(1.45), "drain": np.log(1.8), "memory": np.log(1.17)}
SLOT = 6  # hours; each camera reports once in them
GRID = 3  # hours between the moments tried
BACK = 48  # hours that a step is looked for
HISTORY = 120  # hours that are looked at, so that a night takes no longer each day
FAR = 3.0  # deviations; what is farther off counts as this far


@dataclass(frozen=True)
class Step:
    """A cohort got worse."""

    signal: str
    model: str | None  # the new model that did it, or None
    since: float
    size: float  # in least steps
    gain: float  # how much better it explains than nothing does, in squared deviations


class Table:
    """A city's last reports as columns, without those of cameras that had just started."""

    def __init__(self, reports, now):
        reports = [report for report in reports if report.time >= now - HISTORY and not report.started]
        self.time = np.array([report.time for report in reports])
        self.slot = index(np.floor(self.time / SLOT))
        self.camera = index(np.array([report.device for report in reports]))
        self.revision = np.array([report.revision for report in reports])
        self.model = np.array([report.model for report in reports])
        self.worse = {
            "confidence": -np.array([report.confidence for report in reports]),
            "latency": logarithm([report.latency for report in reports]),
            "drain": logarithm([report.drain for report in reports]),
            "memory": logarithm([report.memory for report in reports]),
        }


def steps(table, revision, now):
    """For each signal, the explanations of what a revision did beside its city, until now; best first."""
    ours = table.revision == revision
    found = []
    for signal, worse in table.worse.items():
        beside = city_effect(worse[~ours], table.camera[~ours], table.slot[~ours], table.slot.max() + 1)
        cohort = Cohort(worse[ours] - beside[table.slot[ours]], table.camera[ours], table.time[ours], table.model[ours])
        found.append(cohort.explain(signal, now))
    return found


class Cohort:
    """What one revision's cameras did in one signal, apart from what their city did."""

    def __init__(self, worse, camera, time, model):
        self.worse, self.camera, self.time, self.model = worse, index(camera), time, model
        self.counts = np.bincount(self.camera)
        rest = self.unexplained(np.zeros(len(worse)))
        self.deviation = max(1.4826 * np.median(np.abs(rest)), 1e-9)
        self.nothing = self.cost(rest)

    def explain(self, signal, now):
        """The best explanation that all got worse at once, and the best that a model did it, best first."""
        at_once = [(None, moment, self.time >= moment) for moment in np.arange(now - BACK, now, GRID)]
        by_model = [
            (str(model), self.time[self.model == model].min(), self.model == model) for model in np.unique(self.model)
        ]
        best = {}
        for model, since, after in at_once + by_model:
            size = self.size(after)
            if size is None:
                continue
            gain = self.nothing - self.cost(self.unexplained(size * after))
            cause = model is not None
            if cause not in best or gain > best[cause].gain:
                best[cause] = Step(signal, model, since, size / LEAST[signal], gain)
        return sorted(best.values(), key=lambda step: -step.gain)

    def size(self, after):
        """The step of the middle camera, of those seen on both sides of it."""
        afters = np.bincount(self.camera, after)
        befores = self.counts - afters
        both = (afters > 0) & (befores > 0)
        if both.sum() < 5:
            return None
        sums = np.bincount(self.camera, self.worse * after)
        rest = np.bincount(self.camera, self.worse) - sums
        own = sums[both] / afters[both] - rest[both] / befores[both]
        return middle(own, (afters * befores)[both] / self.counts[both])

    def unexplained(self, step):
        """What a step leaves, each camera beside its own mean."""
        rest = self.worse - step
        return rest - (np.bincount(self.camera, rest) / self.counts)[self.camera]

    def cost(self, rest):
        return float(np.minimum((rest / self.deviation) ** 2, FAR**2).sum())


def city_effect(worse, camera, slot, slots):
    """What the middle camera did in each slot, beside its own usual; cameras that came later have their own."""
    effect = np.zeros(slots)
    camera = index(camera)
    present, counts = np.unique(slot, return_counts=True)
    middles = np.cumsum(counts) - (counts + 1) // 2
    for _ in range(2):
        usual = np.bincount(camera, worse - effect[slot]) / np.bincount(camera)
        beside = worse - usual[camera]
        effect[present] = beside[np.lexsort((beside, slot))][middles]
    return effect


def middle(values, weights):
    """The weighted median."""
    order = np.argsort(values)
    weights = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(weights, weights[-1] / 2)])


def index(values):
    return np.unique(values, return_inverse=True)[1]


def logarithm(values):
    return np.log(np.maximum(values, 1e-3))
