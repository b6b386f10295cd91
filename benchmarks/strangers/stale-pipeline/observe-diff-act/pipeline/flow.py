"""The nightly run, as a controller: look at what is out, compare it with what should be, do what is missing.

It goes round until a look finds nothing left to do that can be done. So a request that got lost, a run that was killed,
and a run that is started twice are all the same case, and none of them needs code of its own. Prefect is not needed for
it either: the runner calls a plain function.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Coroutine, Iterable
from datetime import date
from typing import Any, NamedTuple

import features
import memory
import metrics
import numpy as np
import training
from mart import Mart
from rest import Said, Silence, connect

ROUNDS = 3
LAST_ROUND_S = 4.0
"""No round begins later than this; a run is ended after 8 s."""
BACKFILL_S = 4.5
LOOK_BACK = 30
AT_A_TIME = 24


def nightly(today: str) -> str:
    with memory.alone():
        return asyncio.run(Night(today).run())


class Verdict(NamedTuple):
    """Of a batch: its rows, or why there are none; whether that is for certain, or may be asked again."""

    rows: features.Rows | None
    why: str
    certain: bool = True


class Night:
    def __init__(self, today: str) -> None:
        self._today = today
        self._began = time.monotonic()
        self._verdicts: dict[tuple[str, str], Verdict] = {}
        self._decided: dict[str, training.Outcome] = {}
        self._released: set[str] = set()
        self._trouble: list[str] = []
        self._left = 0

    async def run(self) -> str:
        async with connect(os.environ["MART"]) as client:
            self._mart = Mart(client)
            for n in range(1, ROUNDS + 1):
                self._trouble = []
                last = n == ROUNDS or time.monotonic() - self._began > LAST_ROUND_S
                await self._try("a round", self._round(last))
                if last or not self._trouble:
                    break
                print(f"{self._today}: once more, because of {self._trouble[:3]}")
                await asyncio.sleep(0.1 * n)
        tonight = {market: each for (market, day), each in self._verdicts.items() if day == self._today}
        used = sum(each.rows is not None for each in tonight.values())
        told = f"{used} of {len(tonight)} batches used, {self._left} days left for tomorrow"
        if self._trouble:
            raise RuntimeError(f"{told}, and trouble: {self._trouble[:5]}")
        print(f"{self._today}: {told}")
        return told

    async def _round(self, last: bool) -> None:
        mart, today = self._mart, self._today
        contracts, out, live, audits, paged = await asyncio.gather(
            self._try("contracts", mart.contracts()),
            mart.features(),
            self._try("models", mart.models()),
            self._try("audits", mart.audits(today)),
            self._try("pages", mart.pages()),
        )
        self._contracts, self._out = contracts, {market: {} for market in contracts or {}} | out
        if last and paged is None:
            paged = set()  # unable to see the pages, rather page twice than not at all
        await self._all(self._tend(market, paged, last) for market in sorted(self._out))
        await self._try("metrics", metrics.push(self._out, today))
        await self._try("models", self._models(live, audits, last))
        before = self._ages()
        await self._backfill()
        if self._ages() != before:
            await self._try("metrics", metrics.push(self._out, today))

    async def _tend(self, market: str, paged: set[tuple[str, str]] | None, last: bool) -> None:
        """Tonight's batch of a market: its features are out when this returns, or somebody was paged."""
        today = self._today
        if features.own(today, self._out[market].get(today)):
            await self._verdict(market, today)  # its model may still be due
            return
        verdict = await self._verdict(market, today)
        if verdict.rows is not None:
            await self._publish(market, today, verdict.rows)
        elif not (verdict.certain or last):
            self._trouble.append(f"{market}: {verdict.why}")
        elif paged is not None and (market, today) not in paged:
            print(f"{today} {market}: {verdict.why}")
            text = f"Tonight's batch of {market} cannot be used: {verdict.why}. There are no features for {today}."
            await self._mart.page(market, today, text[:800])

    async def _backfill(self) -> None:
        """Days past without features of their own, the newest first. What there is no time for is due tomorrow."""
        due = list(self._due())
        while due and time.monotonic() - self._began < BACKFILL_S:
            now, due = due[:AT_A_TIME], due[AT_A_TIME:]
            await self._all(self._make_good(market, day) for market, day in now)
        self._left = len(due)

    async def _make_good(self, market: str, day: str) -> None:
        verdict = await self._verdict(market, day)
        if verdict.rows is not None:
            await self._publish(market, day, verdict.rows)
        elif not verdict.certain:
            self._trouble.append(f"{market} {day}: {verdict.why}")

    def _due(self) -> Iterable[tuple[str, str]]:
        today = date.fromisoformat(self._today).toordinal()
        for ordinal in range(today - 1, today - LOOK_BACK - 1, -1):
            day = date.fromordinal(ordinal).isoformat()
            for market, revisions in self._out.items():
                if revisions and day >= min(revisions) and not features.own(day, revisions.get(day)):
                    yield market, day

    async def _verdict(self, market: str, day: str) -> Verdict:
        known = self._verdicts.get((market, day))
        if known is None or not known.certain:
            self._verdicts[market, day] = known = await self._judge(market, day)
        return known

    async def _judge(self, market: str, day: str) -> Verdict:
        if self._contracts is None:
            return Verdict(None, "the contracts cannot be read", certain=False)
        if market not in self._contracts:
            return Verdict(None, "there is no contract")
        try:
            batch = await self._mart.batch(market, day)
        except Said as said:
            return Verdict(None, {404: "it is not there", 503: "the till system is down"}.get(said.status, str(said)))
        except Silence as silence:
            return Verdict(None, str(silence), certain=False)
        return Verdict(*features.read(batch, self._contracts[market], market, day))

    async def _publish(self, market: str, day: str, rows: features.Rows) -> None:
        values = features.compute(rows)
        out = self._out[market].get(day) or {}
        if out.get("data_day") == day and out.get("features") == values:
            return  # a day on which nothing was sold, and that is the truth
        await self._mart.publish(market, day, values)
        self._out[market][day] = {"data_day": day, "features": values}

    async def _models(self, live: dict[str, Any] | None, audits: dict[str, Any] | None, last: bool) -> None:
        if live is None or audits is None:
            return  # that is trouble already; the models that are live stay so
        if not last and not all(self._verdicts[key].certain for key in self._verdicts if key[1] == self._today):
            return  # some batch is asked for once more
        if not self._decided:
            past = memory.recall(self._today)
            await self._learn_past(past)
            self._decided = training.decide(
                {
                    market: training.Tonight(
                        audits=rows,
                        batch=self._table(market),
                        past=past.get(market, {}),
                        live=live.get(market),
                    )
                    for market in self._out
                    if (rows := self._audited(audits.get(market))) is not None
                }
            )
            memory.remember(self._today, past, {market: each.moments for market, each in self._decided.items()})
        await self._all(
            self._release(market, each) for market, each in self._decided.items() if market not in self._released
        )
        if unjudged := self._out.keys() - self._decided.keys():
            self._trouble.append(f"no audits to judge a model by: {sorted(unjudged)[:5]}")

    async def _release(self, market: str, decided: training.Outcome) -> None:
        if decided.model is not None:
            await self._mart.release(market, decided.model)  # twice the same, after a silence, does no harm
        self._released.add(market)
        verdict = self._verdicts.get((market, self._today))
        if verdict and verdict.rows is not None and not decided.believed:
            print(f"{self._today} {market}: its sales are not those that people counted; no model learns from them")

    async def _learn_past(self, past: dict[str, dict[int, training.Moments]]) -> None:
        """The audits of two days past, where nothing is remembered of them: the first night, or after a loss."""
        today = date.fromisoformat(self._today).toordinal()
        for ago in (1, 2):
            unknown = [market for market in self._out if ago not in past.get(market, {})]
            if not unknown:
                continue
            try:
                audits = await self._mart.audits(date.fromordinal(today - ago).isoformat())
            except (Said, Silence) as error:
                print(f"{self._today}: no audits of {ago} days ago, which is a pity: {error}")
                continue
            for market in unknown:
                if (rows := self._audited(audits.get(market))) is not None:
                    past.setdefault(market, {})[ago] = training.moments(rows)

    def _table(self, market: str) -> np.ndarray | None:
        verdict = self._verdicts.get((market, self._today))
        return training.table(verdict.rows) if verdict and verdict.rows is not None else None

    @staticmethod
    def _audited(raw: Any) -> np.ndarray | None:
        try:
            return training.audited(raw)
        except (TypeError, ValueError, KeyError, IndexError):
            return None

    def _ages(self) -> dict[str, float]:
        return {market: metrics.age_days(revisions, self._today) for market, revisions in self._out.items()}

    async def _all(self, acts: Iterable[Coroutine[Any, Any, None]]) -> None:
        """All at once; what goes wrong with one is no matter of the others."""
        await asyncio.gather(*(self._try("", act) for act in acts))

    async def _try(self, what: str, act: Coroutine[Any, Any, Any]) -> Any:
        try:
            return await act
        except Exception as error:
            self._trouble.append(f"{what} {error!r}".strip())
            return None
