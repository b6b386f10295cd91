"""What came of call-outs: rows, the labels that the agency typed in, and those that the foreman checked."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Outcomes:
    day: int
    rows: np.ndarray
    labels: np.ndarray
    audits: dict


def parse(sent):
    return Outcomes(
        day=sent["day"],
        rows=np.array(sent["rows"], dtype=float).reshape(-1, 5),
        labels=np.array(sent["label"], dtype=float),
        audits=dict(zip(sent["audited"], sent["audit"], strict=True)),
    )


class Book:
    """All outcomes of a depot, oldest first."""

    def __init__(self):
        self.rows = np.empty((0, 5))
        self.labels = np.empty(0)

    def add(self, outcomes):
        self.rows = np.concatenate([self.rows, outcomes.rows])
        self.labels = np.concatenate([self.labels, outcomes.labels])

    def training(self, most=None):
        """Rows and labels to train on; the newest `most`, or all."""
        if most is None:
            return self.rows, self.labels
        return self.rows[-most:], self.labels[-most:]
