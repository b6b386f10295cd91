"""What came of a day's call-outs, each with the chance that what is noted of it is wrong."""

from dataclasses import dataclass

import numpy as np

AUDITED = 0.001  # the foreman is always right; not quite 0, for the logarithms


@dataclass
class Outcomes:
    day: int
    rows: np.ndarray  # with a 1 in front, for the intercept
    needed: np.ndarray  # what the foreman saw, else what the agency typed
    audited: np.ndarray  # whether the foreman saw it
    error: np.ndarray  # the chance that `needed` is wrong

    def doubt(self, error):
        """The agency's labels of this day are wrong with this chance."""
        self.error = np.where(self.audited, AUDITED, error)


def parse(sent):
    """A day's outcomes, and how many audited labels were wrong."""
    rows = np.array(sent["rows"], dtype=float).reshape(-1, 5)
    needed = np.array(sent["label"], dtype=float)
    places = np.array(sent["audited"], dtype=int)
    seen = np.array(sent["audit"], dtype=float)
    wrong = int((needed[places] != seen).sum())
    needed[places] = seen
    audited = np.zeros(len(rows), dtype=bool)
    audited[places] = True
    inputs = np.column_stack([np.ones(len(rows)), rows])
    return Outcomes(sent["day"], inputs, needed, audited, np.zeros(len(rows))), wrong
