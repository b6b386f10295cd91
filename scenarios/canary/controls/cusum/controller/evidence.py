"""Is v2 worse than v1? One CUSUM for each signal, over all parcels and for every carrier.

A score adds up the log-likelihood ratio of "clearly worse" against "as good as v1, or a little worse", and never falls
below zero. So a fault that begins late, for instance with more traffic, is seen as soon as one that was always there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from metrics import Page, Seen

ALL = "all parcels"
ONE_CARRIER = 0.75  # what a score counts for if it is one carrier's: ten of them have ten chances to look odd


@dataclass(frozen=True)
class Signal:
    bad: str
    of: str
    norm: float  # what v1 is known for
    floor: float  # v2 may always be as bad as this
    worse: tuple[float, ...]  # what we look for
    cap: float  # how much one look may add: a hiccup of the machine must not convict a release by itself


SIGNALS = (
    Signal("errors", "requests", norm=0.002, floor=0.008, worse=(0.05, 0.3), cap=8.0),
    Signal("slow", "answers", norm=0.002, floor=0.02, worse=(0.08, 0.3), cap=2.5),
    Signal("wrong", "marks", norm=0.04, floor=0.05, worse=(0.12, 0.25, 0.5), cap=8.0),
)


class Evidence:
    def __init__(self) -> None:
        self.scores: dict[tuple[str, str], list[float]] = {}
        self.counted: dict[str, Seen] = {}

    def add(self, signal: Signal, news: dict[str, Seen], stable: Page) -> None:
        """`news`: what v2 did since the last look. `stable`: what v1 did in the time it is compared over."""
        reference = stable.total()
        pooled = self._rate(signal, reference, signal.norm, 200)
        whole = Seen()
        for carrier, seen in news.items():
            rate = self._rate(signal, stable.carriers.get(carrier, Seen()), pooled, 30)
            self._step(signal, carrier, seen, rate)
            whole += seen
        self._step(signal, ALL, whole, pooled)

    def worst(self) -> tuple[float, str]:
        """The highest score, and whose it is."""
        if not self.scores:
            return 0.0, ""
        weighed = {key: max(all_) * (1.0 if key[1] == ALL else ONE_CARRIER) for key, all_ in self.scores.items()}
        key = max(weighed, key=weighed.__getitem__)
        return weighed[key], f"{key[0]}, {key[1]}"

    @staticmethod
    def _rate(signal: Signal, seen: Seen, prior: float, weight: float) -> float:
        return (getattr(seen, signal.bad) + prior * weight) / (getattr(seen, signal.of) + weight)

    def _step(self, signal: Signal, who: str, seen: Seen, v1_rate: float) -> None:
        bad, total = getattr(seen, signal.bad), getattr(seen, signal.of)
        if total <= 0:
            return
        p0 = min(max(signal.floor, 1.3 * v1_rate), 0.5)
        scores = self.scores.setdefault((signal.bad, who), [0.0] * len(signal.worse))
        for i, worse in enumerate(signal.worse):
            p1 = max(worse, 1.5 * p0)
            gain = bad * math.log(p1 / p0) + (total - bad) * math.log((1 - p1) / (1 - p0))
            scores[i] = max(0.0, scores[i] + min(gain, signal.cap))
