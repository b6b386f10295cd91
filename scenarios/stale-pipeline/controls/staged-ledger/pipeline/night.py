"""One night's work, in stages that can each be left out, repeated, and fail for one market at a time."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import contracts
import features
import mart
import metrics
import pandas as pd
import quality
import training
from ledger import Ledger
from rest import Refused, Uncertain
from settings import SETTINGS

log = logging.getLogger("nightly")

Key = tuple[str, str]


class Night:
    def __init__(self, today: str) -> None:
        self.today = today
        self.faults: list[str] = []
        self.over = False
        self._began = time.monotonic()
        self._ledger = Ledger(SETTINGS.ledger)
        self._finished: set[str] = set()
        self._contracts: dict[str, contracts.Contract] = {}
        self._no_contract: dict[str, str] = {}
        self._published: dict[str, dict[str, Any]] = {}
        self._live: dict[str, Any] = {}
        self._paged: set[Key] = set()
        self._audits: dict[str, dict[str, pd.DataFrame]] = {}
        self._rows: dict[Key, pd.DataFrame] = {}
        self._why: dict[Key, str] = {}
        self._fresh: dict[str, training.Model] = {}
        self._settled: set[str] = set()
        """Markets whose live model is the one chosen tonight."""
        self._pool = ThreadPoolExecutor(SETTINGS.threads)
        self._unsure: list[Callable[[], None]] = []

    def stages(self) -> list[tuple[str, Callable[[], None]]]:
        return [
            ("observe", self.observe),
            ("collect", self.collect),
            ("alert", self.alert),
            ("publish", self.publish),
            ("report", self.report),
            ("release", self.release),
            ("backfill", self.backfill),
            ("replace", self.replace),
            ("reconcile", self.reconcile),
            ("report again", self.report),
        ]

    def work(self, how: Callable[[str, Callable[[], None]], Any]) -> str:
        """All stages that are not finished yet. `how` carries one out, under its name.

        Raises:
            RuntimeError: something went wrong that is not a batch's fault; everything else is done by then.
        """
        for name, stage in self.stages():
            if name not in self._finished:
                how(name, lambda name=name, stage=stage: self._stage(name, stage))
        self.over = True
        self._ledger.tidy(before(self.today, SETTINGS.ledger_keeps_days))
        self._ledger.close()
        self._pool.shutdown(wait=False, cancel_futures=True)
        told = f"{len(self._rows)} batches used tonight, {len(self._why)} refused, {time.monotonic() - self._began:.1f} s"
        log.info("%s: %s", self.today, told)
        if self.faults:
            raise RuntimeError(f"{told}; {len(self.faults)} faults, such as {self.faults[:3]}")
        return told

    def _stage(self, name: str, stage: Callable[[], None]) -> None:
        if name in self._finished:
            return
        if name == "observe":
            stage()  # without it there is nothing to stand on
        else:
            self._guard(name, stage)
        self._finished.add(name)

    def _guard(self, told: str, act: Callable[..., Any], *arguments: Any) -> Any:
        """What goes wrong here is noted, and goes no further."""
        try:
            return act(*arguments)
        except Exception as error:
            self.faults.append(f"{told}: {error!r}")
            log.error("%s %s: %r", self.today, told, error)
            return None

    # Stages

    def observe(self) -> None:
        """What is out, what was agreed, what was counted."""
        raw = self._guard("contracts", mart.contracts)
        if raw is None:
            raw = self._ledger.contracts() or {}
        else:
            self._ledger.keep_contracts(raw)
        self._contracts, self._no_contract = contracts.parse(raw)
        self._published = {market: {} for market in raw} | mart.published()
        self._live = self._guard("models", mart.models) or {}
        pages = self._guard("pages", mart.paged)
        self._paged = self._ledger.pages(self.today) if pages is None else pages
        self._audits_of(self.today)

    def collect(self) -> None:
        """Tonight's batches."""
        for key, rows, why in self._fetch([(market, self.today) for market in sorted(self._published)]):
            if rows is not None:
                self._rows[key] = rows
            else:
                self._why[key] = why
                log.warning("%s %s: %s", self.today, key[0], why)
        self._ledger.verdicts(self.today, [(*key, "used", "") for key in self._rows])
        self._ledger.verdicts(self.today, [(*key, "refused", why) for key, why in self._why.items()])

    def alert(self) -> None:
        """One page for each batch that was due tonight and is of no use. A day that is out already needs none."""
        for (market, day), why in self._why.items():
            if not features.is_own(day, self._published[market].get(day)):
                self._guard(f"page {market}", self._page, market, day, why)

    def publish(self) -> None:
        for (market, day), rows in self._rows.items():
            self._guard(f"publish {market} {day}", self._publish, market, day, features.compute(rows))

    def report(self) -> None:
        verdicts = Counter({"used": len(self._rows), "refused": len(self._why)})
        missing = Counter(market for market, _ in self._overdue())
        metrics.push(self._published, self.today, verdicts, missing, len(self.faults))

    def release(self) -> None:
        """Models of tonight's batches, for markets that have one that is fit."""
        for (market, _), rows in self._rows.items():
            model = self._guard(f"train {market}", training.fit, rows)
            if model is not None:
                self._fresh[market] = model
        self._ledger.models((market, self.today, model) for market, model in self._fresh.items())
        for market in self._fresh:
            self._guard(f"release {market}", self._release, market, {}, True)

    def backfill(self) -> None:
        """Days that have no features of their own, the newest first, for as long as there is time."""
        due, models = self._overdue(), []
        step = SETTINGS.threads * 4
        for at in range(0, len(due), step):
            if time.monotonic() - self._began > SETTINGS.backfill_until_s:
                log.warning("%s: %d days are left for tomorrow", self.today, len(due) - at)
                break
            for (market, day), rows, _ in self._fetch(due[at : at + step]):
                if rows is None:
                    continue
                self._guard(f"publish {market} {day}", self._publish, market, day, features.compute(rows))
                if market not in self._settled and day >= before(self.today, SETTINGS.archive_days):
                    model = self._guard(f"train {market}", training.fit, rows)
                    models += [(market, day, model)] if model else []
        self._ledger.models(models)

    def replace(self) -> None:
        """Where tonight gave no fit model, the best there is, if that is better than the live one."""
        archive = self._ledger.archive(before(self.today, SETTINGS.archive_days), before(self.today, 1))
        for market in self._published.keys() - self._settled:
            self._guard(f"release {market}", self._release, market, archive.get(market, {}), False)

    def reconcile(self) -> None:
        """What was sent without an answer: look, and send it once more if it did not get there."""
        if not self._unsure:
            return
        again, self._unsure = self._unsure, []
        out, paged, live = mart.published(), mart.paged(), mart.models()
        for market, revisions in out.items():
            self._published[market] = revisions
        self._paged, self._live = paged, live
        for act in again:
            self._guard("reconcile", act)
        self.faults += [f"no answer twice: {len(self._unsure)}"] if self._unsure else []

    # Details

    def _fetch(self, keys: list[Key]) -> Iterable[tuple[Key, pd.DataFrame | None, str]]:
        for day in {day for _, day in keys}:
            self._audits_of(day)
        yield from self._pool.map(self._inspect, keys)

    def _inspect(self, key: Key) -> tuple[Key, pd.DataFrame | None, str]:
        market, day = key
        contract = self._contracts.get(market)
        if contract is None:
            return key, None, self._no_contract.get(market, "there is no contract for this market")
        try:
            batch = mart.batch(market, day)
            return key, quality.inspect(batch, contract, market, day, self._audits.get(day, {}).get(market)), ""
        except Refused as error:
            known = {404: "the batch is not there", 503: "the till system is down"}
            return key, None, known.get(error.status, str(error))
        except (quality.Unusable, Uncertain) as error:
            return key, None, str(error)
        except Exception as error:  # whatever it is, it is this batch's
            return key, None, f"the batch cannot be read: {error!r}"

    def _audits_of(self, day: str) -> None:
        if day in self._audits:
            return
        tables: dict[str, pd.DataFrame] = {}
        self._audits[day] = tables
        try:
            found = mart.audits(day)
        except Exception as error:
            if day == self.today:  # of days past they only confirm what the contract says
                self.faults.append(f"audits: {error!r}")
            log.warning("%s: no audits of %s: %r", self.today, day, error)
            return
        for market, raw in found.items():
            table = self._guard(f"audits of {market} {day}", quality.audit_table, raw)
            if table is not None and len(table) >= SETTINGS.min_audits:
                tables[market] = table

    def _publish(self, market: str, day: str, values: dict[str, float]) -> None:
        out = self._published.setdefault(market, {})
        revision = out.get(day) or {}
        if features.is_own(day, revision) or (revision.get("data_day") == day and features.same(revision, values)):
            return  # what is out and right stays as it is
        try:
            mart.publish(market, day, values)
        except Uncertain:
            self._unsure.append(lambda: self._publish(market, day, values))
            return
        out[day] = {"data_day": day, "features": values}

    def _page(self, market: str, day: str, why: str) -> None:
        if (market, day) in self._paged:
            return
        text = f"{market}: the batch of {day} cannot be used, its features are not published. {why}"
        try:
            mart.page(market, day, text[:1000])
        except Uncertain:
            self._unsure.append(lambda: self._page(market, day, why))
            return
        self._paged.add((market, day))
        self._ledger.page(market, day, self.today)

    def _release(self, market: str, archive: dict[str, training.Model], only_fresh: bool) -> None:
        audit = self._audits[self.today].get(market)
        if audit is None:
            if not only_fresh:
                self.faults.append(f"{market}: no audits, the live model stays as it is")
            return
        choice = training.choose(audit, self._fresh.get(market), archive, self._live.get(market))
        if only_fresh and choice.why != "of tonight":
            return
        if choice.error > SETTINGS.fit_ratio * choice.floor:
            log.warning("%s %s: no fit model, error %.2f of %.2f", self.today, market, choice.error, choice.floor)
        if choice.model is None:
            self._settled.add(market)
            return
        try:
            mart.release(market, choice.model)
        except Uncertain:
            self._unsure.append(lambda: self._release(market, archive, only_fresh))
            return
        self._live[market] = choice.model
        self._settled.add(market)
        log.info("%s %s: model %s, error %.2f of %.2f", self.today, market, choice.why, choice.error, choice.floor)

    def _overdue(self) -> list[Key]:
        found = []
        for market, revisions in self._published.items():
            first = max(min(revisions, default=self.today), before(self.today, SETTINGS.lookback_days))
            days = (before(self.today, back) for back in range(1, SETTINGS.lookback_days + 1))
            found += [(market, day) for day in days if day >= first and not features.is_own(day, revisions.get(day))]
        return sorted(found, key=lambda key: (key[1], key[0]), reverse=True)


def before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()
