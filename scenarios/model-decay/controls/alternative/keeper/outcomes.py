"""What came of call-outs: rows, the labels that the agency typed in, and those that the foreman checked."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Outcomes:
    day: int
    rows: np.ndarray
    labels: np.ndarray
    audited: np.ndarray
    audit: np.ndarray

    def contradicted(self):
        """How many labels the foreman saw differently."""
        return int((self.labels[self.audited] != self.audit).sum())


def parse(sent):
    return Outcomes(
        day=sent["day"],
        rows=np.array(sent["rows"], dtype=float).reshape(-1, 5),
        labels=np.array(sent["label"], dtype=float),
        audited=np.array(sent["audited"], dtype=int),
        audit=np.array(sent["audit"], dtype=float),
    )
