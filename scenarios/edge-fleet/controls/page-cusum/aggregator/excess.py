"""A city's reports as [signal, camera, slot], and how much worse than is usual, and than the rest of the city,
its cohorts are."""

import numpy as np
import worse

SLOT = 6 * 3600  # a camera reports about once in it
DAY = 24 * 3600 // SLOT
USUAL = 2 * DAY  # what is usual is learned on the first two days: nothing gets worse before the third
ROUNDS = 3
KNOWN = 3  # reports of a camera before we know what is usual with it
ENOUGH = 4  # cameras


class City:
    def __init__(self):
        self.cameras = {}  # their rows
        self.revisions = []
        self.cells = []  # row, slot since 1970, model, signals
        self.new = set()  # models that were rolled out

    def add(self, report):
        if report["event"] == "updated":
            self.new.add(report["model"])
        signals = worse.of(report)
        if signals is None:
            return
        row = self.cameras.setdefault(report["device"], len(self.cameras))
        if row == len(self.revisions):
            self.revisions.append(report["revision"])
        self.cells.append((row, int(report["time"] // SLOT), report["model"], signals))

    def excess(self, first, slots):
        """By revision: of its cameras on old models and on the new one, [signal, slot], nan where too few reported.

        A camera is measured by itself, so it does not matter who is lent. A median of
        cameras does not mind five that break. What all of the city has goes with the
        median of the other revisions, for no two get worse in the same signal.
        """
        seen = np.full((len(worse.SIGNALS), len(self.cameras), slots), np.nan)
        new = np.zeros(seen.shape[1:], bool)
        for row, slot, model, signals in self.cells:
            if 0 <= slot - first < slots:
                seen[:, row, slot - first] = signals
                new[row, slot - first] = model in self.new
        seen -= usual(seen[:, :, :USUAL])[:, :, None]
        revisions = np.array(self.revisions)
        cohorts = {revision: median(seen[:, revisions == revision], 1) for revision in set(self.revisions)}
        found = {}
        for revision in cohorts:
            ours, updated = seen[:, revisions == revision], new[revisions == revision]
            others = [moved for other, moved in cohorts.items() if other != revision]
            rest = sum(others) / len(others) if others else 0.0
            found[revision] = tuple(
                median(np.where(those, ours, np.nan), 1, ENOUGH) - rest for those in (~updated, updated)
            )
        return found


def usual(seen):
    """Of each signal and camera, by a median polish, so that it does not matter on which days a camera was away."""
    cameras = np.zeros(seen.shape[:2])
    for _ in range(ROUNDS):
        days = median(seen - cameras[:, :, None], 1)
        cameras = median(seen - days[:, None, :], 2)
    return np.where((~np.isnan(seen)).sum(axis=2) >= KNOWN, cameras, np.nan)


def median(values, axis, enough=1):
    """Without what is nan; nan if fewer than enough are left."""
    values = np.moveaxis(np.sort(values, axis=axis), axis, 0)  # nan comes last
    count = (~np.isnan(values)).sum(axis=0)
    lower, upper = (
        np.take_along_axis(values, np.clip(middle, 0, len(values) - 1)[None], 0)[0]
        for middle in ((count - 1) // 2, count // 2)
    )
    return np.where(count >= enough, (lower + upper) / 2, np.nan)
