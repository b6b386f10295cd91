"""The nightly flow: tonight's sales become features, and a model for tomorrow's orders.

Nothing is kept here: what is done and what is due is read from the registry and the pager each night. So a run that was
killed, or is repeated, does what is left.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import features
import mart
import metrics
import numpy as np
import training
from prefect import flow

Rows = dict[str, np.ndarray]

THREADS = 6
LOOKBACK_DAYS = 30
BACKFILL_UNTIL_S = 4.5  # of the 8 s of a run; what is left then is due tomorrow
CHUNK = 24


@flow
def nightly(today: str) -> str:
    began = time.monotonic()
    night = Night(today)
    with ThreadPoolExecutor(THREADS) as pool:
        jobs = [(market, today) for market in sorted(night.published)]
        tonight = dict(zip(jobs, pool.map(night.rows_or_why, jobs), strict=True))
        for (market, _), rows in tonight.items():
            night.carefully(night.settle, market, rows)
        night.carefully(metrics.push, night.published, today)
        for (market, _), rows in tonight.items():
            night.carefully(night.release, market, rows)
        overdue = night.overdue()
        while jobs := overdue[:CHUNK]:
            if time.monotonic() - began > BACKFILL_UNTIL_S:
                break
            for (market, day), rows in zip(jobs, pool.map(night.rows_or_why, jobs), strict=True):
                if not isinstance(rows, str):
                    night.carefully(night.publish, market, day, rows)
            del overdue[:CHUNK]
        night.carefully(metrics.push, night.published, today)
    if night.faults:  # everything else is done; this run must not be called completed
        raise RuntimeError(f"{len(night.faults)} faults, the first: {night.faults[:3]}")
    refused = sum(isinstance(rows, str) for rows in tonight.values())
    return f"{len(tonight) - refused} batches used, {refused} refused"


class Night:
    """What is known tonight. `published` is kept up to date with what this run publishes."""

    def __init__(self, today: str) -> None:
        self.today = today
        self.faults: list[str] = []
        self._contracts = mart.contracts()
        self.published = {market: {} for market in self._contracts} | mart.published()
        self._live = self.carefully(mart.models) or {}
        self._paged = self.carefully(mart.paged) or set()  # rather a page too many than none
        self._audits = [self.carefully(mart.audits, before(today, days)) or {} for days in (0, 1)]

    def carefully(self, act: Callable[..., Any], *arguments: Any) -> Any:
        """One market's trouble is not the others': it is noted."""
        try:
            return act(*arguments)
        except Exception as error:
            told = ", ".join(each for each in arguments if isinstance(each, str))
            self.faults.append(f"{act.__name__}({told}): {error!r}")
            print(f"{self.today} FAULT {self.faults[-1]}")
            return None

    def rows_or_why(self, job: tuple[str, str]) -> Rows | str:
        """The rows of a market's day in canonical units, or why there are none."""
        market, day = job
        try:
            return features.tidy(mart.batch(market, day), self._contracts[market], market, day)
        except Exception as error:  # not there, not sound, or no contract for it: there is nothing to be used
            return f"{error}" if isinstance(error, features.Unusable) else f"{error!r}"

    def settle(self, market: str, rows: Rows | str) -> None:
        """Publish the features of tonight's batch, or page somebody, once."""
        if not isinstance(rows, str):
            self.publish(market, self.today, rows)
            return
        print(f"{self.today} {market}: {rows}")
        out = features.own(self.today, self.published[market].get(self.today))
        if not out and (market, self.today) not in self._paged:
            mart.page(market, self.today, f"The batch of {self.today} is of no use, so there are no features: {rows}"[:500])

    def publish(self, market: str, day: str, rows: Rows) -> None:
        """What is out and right stays as it is."""
        revision, values = self.published[market].get(day), features.compute(rows)
        if features.own(day, revision) or (revision and revision["data_day"] == day and mart.alike(revision, values)):
            return
        self.published[market][day] = mart.publish(market, day, values)

    def release(self, market: str, rows: Rows | str) -> None:
        """Put a model live, unless the live one is as good as can be had."""
        audits = [training.table(audits[market]) for audits in self._audits if market in audits]
        if market not in self._audits[0]:
            raise LookupError("no audits tonight, so no model is released")
        model = training.choose(None if isinstance(rows, str) else rows, audits, self._live.get(market))
        if model is not None:
            mart.release(market, model)

    def overdue(self) -> list[tuple[str, str]]:
        """Markets and days before today that have no features of their own, the newest first."""
        found = []
        for market, revisions in self.published.items():
            first = max(min(revisions, default=self.today), before(self.today, LOOKBACK_DAYS))
            for days in range(1, LOOKBACK_DAYS + 1):
                day = before(self.today, days)
                if day >= first and not features.own(day, revisions.get(day)):
                    found.append((market, day))
        return sorted(found, key=lambda job: job[1], reverse=True)


def before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()
