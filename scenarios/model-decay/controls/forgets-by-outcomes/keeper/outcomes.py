"""What came of the call-outs of a day, and which of it can be believed."""

from dataclasses import dataclass

import numpy as np

TYPO = 0.02  # of an honest day's labels are wrong
SUSPECT = 2  # of a day's dozen audits that differ from the label: more than typing errors


@dataclass
class Outcomes:
    day: int
    rows: np.ndarray
    labels: np.ndarray  # what the foreman saw, where he looked; else what the agency typed
    audited: np.ndarray  # True where the foreman looked
    trusted: bool  # whether the agency's labels agree with the foreman's

    def known(self):
        """Rows and labels that a model may learn from."""
        keep = self.audited | self.trusted
        return self.rows[keep], self.labels[keep]

    def right(self, decided):
        """The share of right decisions; not a number on a day without call-outs."""
        right = decided == self.labels
        if not len(right):
            return float("nan")
        if not self.trusted:
            return right[self.audited].mean()
        unseen = (right[~self.audited] - TYPO) / (1 - 2 * TYPO)
        return (right[self.audited].sum() + unseen.sum()) / len(right)


def parse(sent):
    labels = np.array(sent["label"], dtype=float)
    places = np.array(sent["audited"], dtype=int)
    seen = np.array(sent["audit"], dtype=float)
    differ = int((labels[places] != seen).sum())
    audited = np.zeros(len(labels), dtype=bool)
    audited[places] = True
    labels[places] = seen
    return Outcomes(sent["day"], np.array(sent["rows"], dtype=float).reshape(-1, 5), labels, audited, differ < SUSPECT)
