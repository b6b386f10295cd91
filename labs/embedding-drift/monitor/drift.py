"""Whether what people ask today is other than what they asked yesterday."""

import numpy as np

THRESHOLD = 0.18  # nothing above it from Monday to Friday in Wickstead, the month before we rolled this out


class Drift:
    def __init__(self, yesterday):
        self._means = means(yesterday)

    def ring(self, today):
        """Names of collections whose mean query vector has moved since yesterday."""
        now = means(today)
        rings = [name for name, mean in now.items() if np.linalg.norm(mean - self._means[name]) > THRESHOLD]
        self._means = now
        return rings


def means(day):
    return {name: one.queries.mean(0) for name, one in day.items()}
