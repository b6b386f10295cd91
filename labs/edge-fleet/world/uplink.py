"""Deliveries: reports on their way, some of them twice, in any order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from fleet import DAY_S, EVENTS, ROUND_S, STEPS, Array, Cohort, Season, generator

TWICE, SOON = 0.15, 2 / 3
"""The share of reports that come twice; of these the share whose copy comes within a round, others within two days."""
UP_S = 40_000
TEXT = (
    '{"device":"%s","city":"%s","revision":"%s","model":"%s","seq":%d,"at":"%s","received":"%s",'
    '"latency_ms":%s,"confidence":%s,"drain":%s,"memory":%s,"event":%s}'
)


class Uplink:
    """All copies of all reports, by the round in which they are delivered."""

    def __init__(self, plan: Season, cohorts: Sequence[Cohort]) -> None:
        self._rng = generator(plan["seed"], "uplink")
        self._cohorts, self._begin = cohorts, np.datetime64(plan["day"], "s")
        sizes = [len(cohort.reports.seq) for cohort in cohorts]
        which = np.repeat(np.arange(len(cohorts)), sizes)
        row = np.concatenate([np.arange(size) for size in sizes])
        received = np.concatenate([cohort.reports.received for cohort in cohorts])
        home = np.concatenate([cohort.reports.home for cohort in cohorts])
        again = np.flatnonzero(self._rng.random(len(received)) < TWICE)
        wait = np.where(self._rng.random(len(again)) < SOON, ROUND_S, 2 * DAY_S) * self._rng.random(len(again))
        self._which, self._row = (np.concatenate([column, column[again]]) for column in (which, row))
        came = np.concatenate([received, received[again] + wait.astype(int)]) // ROUND_S
        home = np.concatenate([home, np.full(len(again), -1)])
        self._waves = [np.flatnonzero((came == at) & (home < 0)) for at in range(STEPS)]
        self._homes = [np.flatnonzero(home == number) for number in range(len(plan["away"]))]

    def wave(self, at: int, count: int) -> list[bytes]:
        """The bodies of a round's deliveries."""
        return self._bodies(self._waves[at], count)

    def homecoming(self, number: int, count: int) -> list[bytes]:
        """The bodies of all that a carrier's devices have kept."""
        return self._bodies(self._homes[number], count)

    def _bodies(self, copies: Array, count: int) -> list[bytes]:
        lines: list[str] = []
        order = np.argsort(self._which[copies], kind="stable")
        which = self._which[copies][order]
        ends = np.searchsorted(which, np.arange(len(self._cohorts) + 1))
        for cohort, begin, end in zip(self._cohorts, ends[:-1], ends[1:], strict=True):
            lines += self._lines(cohort, self._row[copies[order[begin:end]]])
        order = self._rng.permutation(len(lines))
        parts = (",".join([lines[at] for at in part]) for part in np.array_split(order, count))
        return [f'{{"reports":[{part}]}}'.encode() for part in parts]

    def _lines(self, cohort: Cohort, rows: Array) -> list[str]:
        reports = cohort.reports
        names = [cohort.names[device] for device in reports.device[rows].tolist()]
        models = [cohort.models[model] for model in reports.model[rows].tolist()]
        events = [f'"{EVENTS[event]}"' if event else "null" for event in reports.event[rows].tolist()]
        up = np.datetime64(UP_S, "s") + reports.at[rows]  # what a device without a clock takes for the time
        made = texts(np.where(reports.clock[rows], self._begin + reports.at[rows], up))
        received = texts(self._begin + reports.received[rows])
        confidence, latency, drain, memory = (signal[rows].tolist() for signal in reports.signals)
        columns = models, reports.seq[rows].tolist(), made, received, latency, confidence, drain, memory, events
        found = zip(names, *columns, strict=True)
        return [TEXT % (name, cohort.city, cohort.revision, *rest) for name, *rest in found]


def texts(times: Array) -> list[str]:
    """In ISO 8601."""
    return [f"{text}Z" for text in np.datetime_as_string(times, unit="s").tolist()]
